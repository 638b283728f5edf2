-- Whether a customer without a rental on the page exists at all.
SELECT
FROM customer
WHERE customer_id = $1
