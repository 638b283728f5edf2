CREATE TABLE old_price (film_id integer PRIMARY KEY, amount numeric);
CREATE TABLE film (film_id integer PRIMARY KEY, title text);
CREATE VIEW price AS SELECT film_id, amount FROM old_price;
CREATE VIEW price_list AS SELECT f.title, p.amount FROM film f JOIN price p USING (film_id);
