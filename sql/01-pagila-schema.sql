-- Pagila: the tables of a film rental shop, with the schema of the public sample database.
--
-- The owner of an empty database can run this without being a superuser. It is plain SQL, so psql, a
-- container's init folder or a program can run it unchanged.
--
-- Three things may surprise:
--
-- * store.manager_staff_id has no foreign key. store and staff refer to each other, and Pagila's data
--   dump fills store first, each table in its own transaction, so that even a deferred key would
--   fail. Every other reference is declared.
-- * payment has no default partition, as in Pagila. A payment outside the months below is an error;
--   in a default partition it would go unnoticed, and no query could skip that partition.
-- * The indexes that the API needs are in the migrations.
--
-- Every name is qualified, also in function bodies, because a dump empties the search_path.

CREATE DOMAIN public.year AS integer
    CONSTRAINT year_check CHECK (VALUE BETWEEN 1901 AND 2155);

CREATE TYPE public.mpaa_rating AS ENUM ('G', 'PG', 'PG-13', 'R', 'NC-17');

CREATE FUNCTION public.last_updated() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.last_update := current_timestamp;
    RETURN NEW;
END
$$;


-- Places

CREATE TABLE public.country (
    country_id serial PRIMARY KEY,
    country text NOT NULL,
    last_update timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE public.city (
    city_id serial PRIMARY KEY,
    city text NOT NULL,
    country_id integer NOT NULL
        REFERENCES public.country ON UPDATE CASCADE ON DELETE RESTRICT,
    last_update timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE public.address (
    address_id serial PRIMARY KEY,
    address text NOT NULL,
    address2 text,
    district text NOT NULL,
    city_id integer NOT NULL
        REFERENCES public.city ON UPDATE CASCADE ON DELETE RESTRICT,
    postal_code text,
    phone text NOT NULL,
    last_update timestamptz NOT NULL DEFAULT now()
);


-- Films

CREATE TABLE public.language (
    language_id serial PRIMARY KEY,
    name character(20) NOT NULL,
    last_update timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE public.category (
    category_id serial PRIMARY KEY,
    name text NOT NULL,
    last_update timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE public.actor (
    actor_id serial PRIMARY KEY,
    first_name text NOT NULL,
    last_name text NOT NULL,
    last_update timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE public.film (
    film_id serial PRIMARY KEY,
    title text NOT NULL,
    description text,
    release_year public.year,
    language_id integer NOT NULL
        REFERENCES public.language ON UPDATE CASCADE ON DELETE RESTRICT,
    original_language_id integer
        REFERENCES public.language ON UPDATE CASCADE ON DELETE RESTRICT,
    rental_duration smallint NOT NULL DEFAULT 3,
    rental_rate numeric(4,2) NOT NULL DEFAULT 4.99,
    length smallint,
    replacement_cost numeric(5,2) NOT NULL DEFAULT 19.99,
    rating public.mpaa_rating DEFAULT 'G',
    last_update timestamptz NOT NULL DEFAULT now(),
    special_features text[],
    fulltext tsvector NOT NULL
);

CREATE TABLE public.film_actor (
    actor_id integer NOT NULL
        REFERENCES public.actor ON UPDATE CASCADE ON DELETE RESTRICT,
    film_id integer NOT NULL
        REFERENCES public.film ON UPDATE CASCADE ON DELETE RESTRICT,
    last_update timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (actor_id, film_id)
);

CREATE TABLE public.film_category (
    film_id integer NOT NULL
        REFERENCES public.film ON UPDATE CASCADE ON DELETE RESTRICT,
    category_id integer NOT NULL
        REFERENCES public.category ON UPDATE CASCADE ON DELETE RESTRICT,
    last_update timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (film_id, category_id)
);


-- Shops, customers and rentals

CREATE TABLE public.store (
    store_id serial PRIMARY KEY,
    -- A staff_id. The top of this file says why there is no foreign key.
    manager_staff_id integer NOT NULL,
    address_id integer NOT NULL
        REFERENCES public.address ON UPDATE CASCADE ON DELETE RESTRICT,
    last_update timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE public.staff (
    staff_id serial PRIMARY KEY,
    first_name text NOT NULL,
    last_name text NOT NULL,
    address_id integer NOT NULL
        REFERENCES public.address ON UPDATE CASCADE ON DELETE RESTRICT,
    email text,
    store_id integer NOT NULL
        REFERENCES public.store ON UPDATE CASCADE ON DELETE RESTRICT,
    active boolean NOT NULL DEFAULT true,
    username text NOT NULL,
    password text,
    last_update timestamptz NOT NULL DEFAULT now(),
    picture bytea
);

CREATE TABLE public.customer (
    customer_id serial PRIMARY KEY,
    store_id integer NOT NULL
        REFERENCES public.store ON UPDATE CASCADE ON DELETE RESTRICT,
    first_name text NOT NULL,
    last_name text NOT NULL,
    email text,
    address_id integer NOT NULL
        REFERENCES public.address ON UPDATE CASCADE ON DELETE RESTRICT,
    activebool boolean NOT NULL DEFAULT true,
    create_date date NOT NULL DEFAULT current_date,
    last_update timestamptz DEFAULT now(),
    active integer
);

CREATE TABLE public.inventory (
    inventory_id serial PRIMARY KEY,
    film_id integer NOT NULL
        REFERENCES public.film ON UPDATE CASCADE ON DELETE RESTRICT,
    store_id integer NOT NULL
        REFERENCES public.store ON UPDATE CASCADE ON DELETE RESTRICT,
    last_update timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE public.rental (
    rental_id serial PRIMARY KEY,
    rental_date timestamptz NOT NULL,
    inventory_id integer NOT NULL
        REFERENCES public.inventory ON UPDATE CASCADE ON DELETE RESTRICT,
    customer_id integer NOT NULL
        REFERENCES public.customer ON UPDATE CASCADE ON DELETE RESTRICT,
    return_date timestamptz,
    staff_id integer NOT NULL
        REFERENCES public.staff ON UPDATE CASCADE ON DELETE RESTRICT,
    last_update timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE public.payment (
    payment_id serial,
    customer_id integer NOT NULL
        REFERENCES public.customer ON UPDATE CASCADE ON DELETE RESTRICT,
    staff_id integer NOT NULL
        REFERENCES public.staff ON UPDATE CASCADE ON DELETE RESTRICT,
    rental_id integer NOT NULL
        REFERENCES public.rental ON UPDATE CASCADE ON DELETE RESTRICT,
    amount numeric(5,2) NOT NULL,
    payment_date timestamptz NOT NULL,
    -- The primary key of a partitioned table must include the partition key.
    PRIMARY KEY (payment_date, payment_id)
) PARTITION BY RANGE (payment_date);

-- Without the offset, the bounds would depend on the session's time zone.
CREATE TABLE public.payment_p2022_01 PARTITION OF public.payment
    FOR VALUES FROM ('2022-01-01 00:00:00+00') TO ('2022-02-01 00:00:00+00');
CREATE TABLE public.payment_p2022_02 PARTITION OF public.payment
    FOR VALUES FROM ('2022-02-01 00:00:00+00') TO ('2022-03-01 00:00:00+00');
CREATE TABLE public.payment_p2022_03 PARTITION OF public.payment
    FOR VALUES FROM ('2022-03-01 00:00:00+00') TO ('2022-04-01 00:00:00+00');
CREATE TABLE public.payment_p2022_04 PARTITION OF public.payment
    FOR VALUES FROM ('2022-04-01 00:00:00+00') TO ('2022-05-01 00:00:00+00');
CREATE TABLE public.payment_p2022_05 PARTITION OF public.payment
    FOR VALUES FROM ('2022-05-01 00:00:00+00') TO ('2022-06-01 00:00:00+00');
CREATE TABLE public.payment_p2022_06 PARTITION OF public.payment
    FOR VALUES FROM ('2022-06-01 00:00:00+00') TO ('2022-07-01 00:00:00+00');
CREATE TABLE public.payment_p2022_07 PARTITION OF public.payment
    FOR VALUES FROM ('2022-07-01 00:00:00+00') TO ('2022-08-01 00:00:00+00');


-- Pagila's own indexes, with their original names

CREATE INDEX idx_fk_country_id ON public.city (country_id);
CREATE INDEX idx_fk_city_id ON public.address (city_id);
CREATE INDEX idx_actor_last_name ON public.actor (last_name);
CREATE INDEX film_fulltext_idx ON public.film USING gist (fulltext);
CREATE INDEX idx_fk_language_id ON public.film (language_id);
CREATE INDEX idx_fk_original_language_id ON public.film (original_language_id);
CREATE INDEX idx_fk_film_id ON public.film_actor (film_id);
CREATE UNIQUE INDEX idx_unq_manager_staff_id ON public.store (manager_staff_id);
CREATE INDEX idx_fk_store_id ON public.customer (store_id);
CREATE INDEX idx_fk_address_id ON public.customer (address_id);
CREATE INDEX idx_last_name ON public.customer (last_name);
CREATE INDEX idx_store_id_film_id ON public.inventory (store_id, film_id);
CREATE INDEX idx_fk_inventory_id ON public.rental (inventory_id);
CREATE UNIQUE INDEX idx_unq_rental_rental_date_inventory_id_customer_id
    ON public.rental (rental_date, inventory_id, customer_id);
CREATE INDEX idx_fk_payment_customer_id ON public.payment (customer_id);
CREATE INDEX idx_fk_payment_rental_id ON public.payment (rental_id);


-- Triggers for derived columns: last_update in all tables but payment, and fulltext in film

CREATE TRIGGER last_updated BEFORE UPDATE ON public.actor
    FOR EACH ROW EXECUTE FUNCTION public.last_updated();
CREATE TRIGGER last_updated BEFORE UPDATE ON public.address
    FOR EACH ROW EXECUTE FUNCTION public.last_updated();
CREATE TRIGGER last_updated BEFORE UPDATE ON public.category
    FOR EACH ROW EXECUTE FUNCTION public.last_updated();
CREATE TRIGGER last_updated BEFORE UPDATE ON public.city
    FOR EACH ROW EXECUTE FUNCTION public.last_updated();
CREATE TRIGGER last_updated BEFORE UPDATE ON public.country
    FOR EACH ROW EXECUTE FUNCTION public.last_updated();
CREATE TRIGGER last_updated BEFORE UPDATE ON public.customer
    FOR EACH ROW EXECUTE FUNCTION public.last_updated();
CREATE TRIGGER last_updated BEFORE UPDATE ON public.film
    FOR EACH ROW EXECUTE FUNCTION public.last_updated();
CREATE TRIGGER last_updated BEFORE UPDATE ON public.film_actor
    FOR EACH ROW EXECUTE FUNCTION public.last_updated();
CREATE TRIGGER last_updated BEFORE UPDATE ON public.film_category
    FOR EACH ROW EXECUTE FUNCTION public.last_updated();
CREATE TRIGGER last_updated BEFORE UPDATE ON public.inventory
    FOR EACH ROW EXECUTE FUNCTION public.last_updated();
CREATE TRIGGER last_updated BEFORE UPDATE ON public.language
    FOR EACH ROW EXECUTE FUNCTION public.last_updated();
CREATE TRIGGER last_updated BEFORE UPDATE ON public.rental
    FOR EACH ROW EXECUTE FUNCTION public.last_updated();
CREATE TRIGGER last_updated BEFORE UPDATE ON public.staff
    FOR EACH ROW EXECUTE FUNCTION public.last_updated();
CREATE TRIGGER last_updated BEFORE UPDATE ON public.store
    FOR EACH ROW EXECUTE FUNCTION public.last_updated();

CREATE TRIGGER film_fulltext_trigger BEFORE INSERT OR UPDATE ON public.film
    FOR EACH ROW EXECUTE FUNCTION pg_catalog.tsvector_update_trigger(
        'fulltext', 'pg_catalog.english', 'title', 'description');
