-- Whether a customer without rentals exists.
SELECT
FROM customer
WHERE customer_id = $1
