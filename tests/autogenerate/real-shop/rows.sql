INSERT INTO customer (email, name) VALUES ('a@example.org', 'Ann'), ('b@example.org', 'Bob');
INSERT INTO product (sku, name, price) VALUES ('A', 'Bolt', 1.5), ('B', 'Nut', 0.5);
INSERT INTO orders (customer_id, status) VALUES (1, 'paid'), (2, 'new');
INSERT INTO order_line VALUES (1, 1, 10), (1, 2, 5), (2, 2, 1);
