CREATE TABLE film (film_id integer PRIMARY KEY, title text, amount numeric DEFAULT 1 NOT NULL);
CREATE VIEW price AS SELECT film_id, amount FROM film;
CREATE VIEW price_list AS SELECT f.title, p.amount FROM film f JOIN price p USING (film_id);
