SET check_function_bodies = off;

GRANT CREATE, USAGE ON SCHEMA public TO interview_owner;

GRANT USAGE ON SCHEMA public TO interview_catalogue;

GRANT USAGE ON SCHEMA public TO interview_rentals;

CREATE EXTENSION pg_trgm WITH SCHEMA public;

CREATE TYPE public.mpaa_rating AS ENUM ('G', 'PG', 'PG-13', 'R', 'NC-17');

CREATE DOMAIN public.year AS integer CONSTRAINT year_check CHECK (((VALUE >= 1901) AND (VALUE <= 2155)));

CREATE TABLE public.category_film_count (
    category_id integer NOT NULL,
    films bigint NOT NULL
);

CREATE TABLE public.film_actor (
    actor_id integer NOT NULL,
    film_id integer NOT NULL,
    last_update timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT film_actor_pkey PRIMARY KEY (actor_id, film_id)
);

CREATE TABLE public.film_category (
    film_id integer NOT NULL,
    category_id integer NOT NULL,
    last_update timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT film_category_pkey PRIMARY KEY (film_id, category_id)
);

CREATE TABLE public.title_word (
    word text NOT NULL,
    CONSTRAINT title_word_pkey PRIMARY KEY (word)
);

ALTER TABLE public.category_film_count SET (autovacuum_vacuum_threshold = '200');

ALTER TABLE public.category_film_count SET (autovacuum_vacuum_scale_factor = '0');

CREATE FUNCTION public.add_title_words()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
    INSERT INTO public.title_word (word)
    SELECT DISTINCT word
    FROM changed, unnest(tsvector_to_array(to_tsvector('simple', title))) AS word
    WHERE NOT EXISTS (SELECT FROM public.title_word AS known WHERE known.word = word.word)
    ORDER BY word
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$function$;

CREATE FUNCTION public.count_films_of_categories()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
    changed integer[];
    differences bigint[];
BEGIN
    CASE TG_OP
    WHEN 'INSERT' THEN
        SELECT array_agg(category_id), array_agg(films) INTO changed, differences
        FROM (SELECT category_id, count(*) FROM inserted GROUP BY category_id)
            AS change (category_id, films);
    WHEN 'DELETE' THEN
        SELECT array_agg(category_id), array_agg(films) INTO changed, differences
        FROM (SELECT category_id, -count(*) FROM deleted GROUP BY category_id)
            AS change (category_id, films);
    WHEN 'UPDATE' THEN
        SELECT array_agg(category_id), array_agg(films) INTO changed, differences
        FROM (
            SELECT category_id, sum(films)
            FROM (
                SELECT category_id, 1 FROM inserted
                UNION ALL
                SELECT category_id, -1 FROM deleted
            ) AS row (category_id, films)
            GROUP BY category_id
            HAVING sum(films) <> 0
        ) AS change (category_id, films);
    WHEN 'TRUNCATE' THEN
        TRUNCATE public.category_film_count;
    END CASE;

    WITH free AS MATERIALIZED (
        SELECT ctid
        FROM public.category_film_count
        WHERE category_id = ANY (changed)
            AND current_setting('transaction_isolation') = 'read committed'
        FOR UPDATE SKIP LOCKED
    ), replaced AS (
        DELETE FROM public.category_film_count
        WHERE ctid IN (SELECT ctid FROM free)
        RETURNING category_id, films
    )
    INSERT INTO public.category_film_count (category_id, films)
    SELECT category_id, sum(films)
    FROM (
        SELECT category_id, films FROM replaced
        UNION ALL
        SELECT category_id, films FROM unnest(changed, differences) AS change (category_id, films)
    ) AS part
    GROUP BY category_id;
    RETURN NULL;
END
$function$;

CREATE FUNCTION public.last_updated()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    NEW.last_update := current_timestamp;
    RETURN NEW;
END
$function$;

CREATE FUNCTION public.similar_titles(sought text)
 RETURNS TABLE(film_id integer, rank real)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE ROWS 100
 SET "pg_trgm.word_similarity_threshold" TO '0.45'
AS $function$
    DECLARE
        typed_text CONSTANT text := left(sought, 100);
        all_words tsquery;
        any_word tsquery;
    BEGIN
        SELECT string_agg(close.words, ' & ')::tsquery,
               CASE WHEN count(*) > 1
                    THEN string_agg(close.closest, ' | ') FILTER (WHERE typed.place <= 3)
               END::tsquery
        INTO all_words, any_word
        FROM (
            SELECT word, row_number() OVER (ORDER BY length(word) DESC, word)
            FROM unnest(tsvector_to_array(to_tsvector('simple', typed_text))) AS word
            WHERE length(to_tsvector('english', word)) > 0
            ORDER BY 2
            LIMIT 5
        ) AS typed (word, place)
        CROSS JOIN LATERAL (
            SELECT '(' || string_agg(closest.word::text, ' | ') || ')',
                   (array_agg(closest.word::text))[1]
            FROM (
                SELECT plainto_tsquery('english', title_word.word)
                FROM public.title_word
                WHERE typed.word OPERATOR(public.<%) title_word.word
                    OR (length(typed.word) >= 8
                        AND title_word.word OPERATOR(public.<%) typed.word)
                ORDER BY public.word_similarity(typed.word, title_word.word)
                    + public.similarity(typed.word, title_word.word) DESC, title_word.word
                LIMIT 5
            ) AS closest (word)
            WHERE numnode(closest.word) > 0
        ) AS close (words, closest)
        WHERE close.words IS NOT NULL;
        RETURN QUERY
        SELECT candidate.film_id,
               -- Of two titles that have the word, the shorter one is the closer.
               (public.word_similarity(typed_text, candidate.title)
                + public.similarity(typed_text, candidate.title)) * 0.5::real
        FROM (
            (SELECT film.film_id, film.title FROM public.film
             WHERE to_tsvector('english', film.title) @@ all_words LIMIT 500)
            UNION
            (SELECT film.film_id, film.title FROM public.film
             WHERE to_tsvector('english', film.title) @@ any_word LIMIT 500)
        ) AS candidate
        WHERE typed_text OPERATOR(public.<%) candidate.title;
    END
    $function$;

CREATE INDEX film_category_category_id_film_id_idx ON public.film_category USING btree (category_id, film_id);

CREATE INDEX idx_fk_film_id ON public.film_actor USING btree (film_id);

CREATE INDEX title_word_trigram_idx ON public.title_word USING gin (word public.gin_trgm_ops);

CREATE TRIGGER last_updated BEFORE UPDATE ON public.film_actor FOR EACH ROW EXECUTE FUNCTION public.last_updated();

CREATE TRIGGER count_deleted AFTER DELETE ON public.film_category REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION public.count_films_of_categories();

CREATE TRIGGER count_inserted AFTER INSERT ON public.film_category REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION public.count_films_of_categories();

CREATE TRIGGER count_truncated AFTER TRUNCATE ON public.film_category FOR EACH STATEMENT EXECUTE FUNCTION public.count_films_of_categories();

CREATE TRIGGER count_updated AFTER UPDATE ON public.film_category REFERENCING OLD TABLE AS deleted NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION public.count_films_of_categories();

CREATE TRIGGER last_updated BEFORE UPDATE ON public.film_category FOR EACH ROW EXECUTE FUNCTION public.last_updated();

ALTER DOMAIN public.year OWNER TO interview_owner;

ALTER FUNCTION public.add_title_words() OWNER TO interview_owner;

ALTER FUNCTION public.count_films_of_categories() OWNER TO interview_owner;

ALTER FUNCTION public.last_updated() OWNER TO interview_owner;

ALTER TABLE public.category_film_count OWNER TO interview_owner;

ALTER TABLE public.film_actor OWNER TO interview_owner;

ALTER TABLE public.film_category OWNER TO interview_owner;

ALTER TABLE public.title_word OWNER TO interview_owner;

ALTER TYPE public.mpaa_rating OWNER TO interview_owner;

REVOKE ALL ON ROUTINE public.add_title_words() FROM PUBLIC;

REVOKE ALL ON ROUTINE public.count_films_of_categories() FROM PUBLIC;

GRANT EXECUTE ON ROUTINE public.similar_titles(text) TO interview_catalogue;

GRANT SELECT ON TABLE public.category_film_count TO interview_catalogue;

GRANT SELECT ON TABLE public.film_actor TO interview_catalogue;

GRANT SELECT ON TABLE public.film_category TO interview_catalogue;

GRANT SELECT ON TABLE public.title_word TO interview_catalogue;

COMMENT ON EXTENSION pg_trgm IS 'made by the migration 20241113090000_index_film_title_trigrams';

CREATE SEQUENCE public.actor_actor_id_seq AS integer;

CREATE TABLE public.actor (
    actor_id integer DEFAULT nextval('public.actor_actor_id_seq'::regclass) NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    last_update timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT actor_pkey PRIMARY KEY (actor_id)
);

CREATE INDEX idx_actor_last_name ON public.actor USING btree (last_name);

ALTER SEQUENCE public.actor_actor_id_seq OWNED BY public.actor.actor_id;

CREATE TRIGGER last_updated BEFORE UPDATE ON public.actor FOR EACH ROW EXECUTE FUNCTION public.last_updated();

ALTER TABLE public.actor OWNER TO interview_owner;

GRANT SELECT ON TABLE public.actor TO interview_catalogue;

ALTER TABLE public.film_actor ADD CONSTRAINT film_actor_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actor(actor_id) ON UPDATE CASCADE ON DELETE RESTRICT;

CREATE SEQUENCE public.address_address_id_seq AS integer;

CREATE TABLE public.address (
    address_id integer DEFAULT nextval('public.address_address_id_seq'::regclass) NOT NULL,
    address text NOT NULL,
    address2 text,
    district text NOT NULL,
    city_id integer NOT NULL,
    postal_code text,
    phone text NOT NULL,
    last_update timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT address_pkey PRIMARY KEY (address_id)
);

CREATE INDEX idx_fk_city_id ON public.address USING btree (city_id);

ALTER SEQUENCE public.address_address_id_seq OWNED BY public.address.address_id;

CREATE TRIGGER last_updated BEFORE UPDATE ON public.address FOR EACH ROW EXECUTE FUNCTION public.last_updated();

ALTER TABLE public.address OWNER TO interview_owner;

CREATE SEQUENCE public.category_category_id_seq AS integer;

CREATE TABLE public.category (
    category_id integer DEFAULT nextval('public.category_category_id_seq'::regclass) NOT NULL,
    name text NOT NULL,
    last_update timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT category_pkey PRIMARY KEY (category_id)
);

ALTER SEQUENCE public.category_category_id_seq OWNED BY public.category.category_id;

CREATE TRIGGER last_updated BEFORE UPDATE ON public.category FOR EACH ROW EXECUTE FUNCTION public.last_updated();

ALTER TABLE public.category OWNER TO interview_owner;

GRANT SELECT ON TABLE public.category TO interview_catalogue;

ALTER TABLE public.film_category ADD CONSTRAINT film_category_category_id_fkey FOREIGN KEY (category_id) REFERENCES public.category(category_id) ON UPDATE CASCADE ON DELETE RESTRICT;

CREATE SEQUENCE public.city_city_id_seq AS integer;

CREATE TABLE public.city (
    city_id integer DEFAULT nextval('public.city_city_id_seq'::regclass) NOT NULL,
    city text NOT NULL,
    country_id integer NOT NULL,
    last_update timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT city_pkey PRIMARY KEY (city_id)
);

CREATE INDEX idx_fk_country_id ON public.city USING btree (country_id);

ALTER SEQUENCE public.city_city_id_seq OWNED BY public.city.city_id;

CREATE TRIGGER last_updated BEFORE UPDATE ON public.city FOR EACH ROW EXECUTE FUNCTION public.last_updated();

ALTER TABLE public.city OWNER TO interview_owner;

ALTER TABLE public.address ADD CONSTRAINT address_city_id_fkey FOREIGN KEY (city_id) REFERENCES public.city(city_id) ON UPDATE CASCADE ON DELETE RESTRICT;

CREATE SEQUENCE public.country_country_id_seq AS integer;

CREATE TABLE public.country (
    country_id integer DEFAULT nextval('public.country_country_id_seq'::regclass) NOT NULL,
    country text NOT NULL,
    last_update timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT country_pkey PRIMARY KEY (country_id)
);

ALTER SEQUENCE public.country_country_id_seq OWNED BY public.country.country_id;

CREATE TRIGGER last_updated BEFORE UPDATE ON public.country FOR EACH ROW EXECUTE FUNCTION public.last_updated();

ALTER TABLE public.country OWNER TO interview_owner;

ALTER TABLE public.city ADD CONSTRAINT city_country_id_fkey FOREIGN KEY (country_id) REFERENCES public.country(country_id) ON UPDATE CASCADE ON DELETE RESTRICT;

CREATE SEQUENCE public.customer_customer_id_seq AS integer;

CREATE TABLE public.customer (
    customer_id integer DEFAULT nextval('public.customer_customer_id_seq'::regclass) NOT NULL,
    store_id integer NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    email text,
    address_id integer NOT NULL,
    activebool boolean DEFAULT true NOT NULL,
    create_date date DEFAULT CURRENT_DATE NOT NULL,
    last_update timestamp with time zone DEFAULT now(),
    active integer,
    CONSTRAINT customer_pkey PRIMARY KEY (customer_id)
);

CREATE INDEX idx_fk_address_id ON public.customer USING btree (address_id);

CREATE INDEX idx_fk_store_id ON public.customer USING btree (store_id);

CREATE INDEX idx_last_name ON public.customer USING btree (last_name);

ALTER SEQUENCE public.customer_customer_id_seq OWNED BY public.customer.customer_id;

CREATE TRIGGER last_updated BEFORE UPDATE ON public.customer FOR EACH ROW EXECUTE FUNCTION public.last_updated();

ALTER TABLE public.customer OWNER TO interview_owner;

GRANT SELECT (customer_id) ON TABLE public.customer TO interview_rentals;

ALTER TABLE public.customer ADD CONSTRAINT customer_address_id_fkey FOREIGN KEY (address_id) REFERENCES public.address(address_id) ON UPDATE CASCADE ON DELETE RESTRICT;

CREATE SEQUENCE public.film_film_id_seq AS integer;

CREATE TABLE public.film (
    film_id integer DEFAULT nextval('public.film_film_id_seq'::regclass) NOT NULL,
    title text NOT NULL,
    description text,
    release_year public.year,
    language_id integer NOT NULL,
    original_language_id integer,
    rental_duration smallint DEFAULT 3 NOT NULL,
    rental_rate numeric(4,2) DEFAULT 4.99 NOT NULL,
    length smallint,
    replacement_cost numeric(5,2) DEFAULT 19.99 NOT NULL,
    rating public.mpaa_rating DEFAULT 'G'::public.mpaa_rating,
    last_update timestamp with time zone DEFAULT now() NOT NULL,
    special_features text[],
    fulltext tsvector NOT NULL,
    streaming_available boolean DEFAULT false NOT NULL,
    CONSTRAINT film_pkey PRIMARY KEY (film_id)
);

CREATE INDEX film_description_english_idx ON public.film USING gin (to_tsvector('english'::regconfig, description));

CREATE INDEX film_fulltext_idx ON public.film USING gist (fulltext);

CREATE INDEX film_length_ascending_list_idx ON public.film USING btree (COALESCE((length)::integer, 32768), film_id) INCLUDE (rating, language_id, release_year, length, streaming_available);

CREATE INDEX film_length_descending_list_idx ON public.film USING btree (COALESCE((length)::integer, '-1'::integer), film_id) INCLUDE (rating, language_id, release_year, length, streaming_available);

CREATE INDEX film_list_idx ON public.film USING btree (film_id, lower(title) COLLATE "C") INCLUDE (title, rental_rate, rating, language_id, release_year, length, streaming_available);

CREATE INDEX film_release_year_ascending_list_idx ON public.film USING btree (COALESCE((release_year)::integer, 9999), film_id) INCLUDE (rating, language_id, release_year, length, streaming_available);

CREATE INDEX film_release_year_descending_list_idx ON public.film USING btree (COALESCE((release_year)::integer, 0), film_id) INCLUDE (rating, language_id, release_year, length, streaming_available);

CREATE INDEX film_release_year_idx ON public.film USING btree (release_year);

CREATE INDEX film_rental_rate_list_idx ON public.film USING btree (rental_rate, film_id) INCLUDE (rating, language_id, release_year, length, streaming_available);

CREATE INDEX film_search_idx ON public.film USING gin (setweight(fulltext, 'D'::"char"));

CREATE INDEX film_streaming_idx ON public.film USING btree (film_id) WHERE streaming_available;

CREATE INDEX film_title_english_idx ON public.film USING gin (to_tsvector('english'::regconfig, title));

CREATE INDEX film_title_list_idx ON public.film USING btree (lower(title) COLLATE "C", film_id) INCLUDE (title, rating, language_id, release_year, length, streaming_available);

CREATE INDEX film_title_part_idx ON public.film USING gin (lower(title) COLLATE "C" public.gin_trgm_ops);

CREATE INDEX film_title_trigram_idx ON public.film USING gin (title public.gin_trgm_ops);

CREATE INDEX idx_fk_language_id ON public.film USING btree (language_id);

CREATE INDEX idx_fk_original_language_id ON public.film USING btree (original_language_id);

ALTER SEQUENCE public.film_film_id_seq OWNED BY public.film.film_id;

CREATE TRIGGER film_fulltext_trigger BEFORE INSERT OR UPDATE ON public.film FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger('fulltext', 'pg_catalog.english', 'title', 'description');

CREATE TRIGGER last_updated BEFORE UPDATE ON public.film FOR EACH ROW EXECUTE FUNCTION public.last_updated();

CREATE TRIGGER title_words_of_inserted AFTER INSERT ON public.film REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.add_title_words();

CREATE TRIGGER title_words_of_updated AFTER UPDATE ON public.film REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.add_title_words();

ALTER TABLE public.film OWNER TO interview_owner;

GRANT SELECT ON TABLE public.film TO interview_catalogue;

GRANT SELECT ON TABLE public.film TO interview_rentals;

ALTER INDEX public.film_list_idx ALTER COLUMN 2 SET STATISTICS 500;

ALTER INDEX public.film_title_list_idx ALTER COLUMN 1 SET STATISTICS 500;

ALTER INDEX public.film_title_part_idx ALTER COLUMN 1 SET STATISTICS 500;

ALTER TABLE public.film_actor ADD CONSTRAINT film_actor_film_id_fkey FOREIGN KEY (film_id) REFERENCES public.film(film_id) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE public.film_category ADD CONSTRAINT film_category_film_id_fkey FOREIGN KEY (film_id) REFERENCES public.film(film_id) ON UPDATE CASCADE ON DELETE RESTRICT;

CREATE SEQUENCE public.inventory_inventory_id_seq AS integer;

CREATE TABLE public.inventory (
    inventory_id integer DEFAULT nextval('public.inventory_inventory_id_seq'::regclass) NOT NULL,
    film_id integer NOT NULL,
    store_id integer NOT NULL,
    last_update timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT inventory_pkey PRIMARY KEY (inventory_id)
);

CREATE INDEX idx_store_id_film_id ON public.inventory USING btree (store_id, film_id);

ALTER SEQUENCE public.inventory_inventory_id_seq OWNED BY public.inventory.inventory_id;

CREATE TRIGGER last_updated BEFORE UPDATE ON public.inventory FOR EACH ROW EXECUTE FUNCTION public.last_updated();

ALTER TABLE public.inventory OWNER TO interview_owner;

GRANT SELECT ON TABLE public.inventory TO interview_rentals;

ALTER TABLE public.inventory ADD CONSTRAINT inventory_film_id_fkey FOREIGN KEY (film_id) REFERENCES public.film(film_id) ON UPDATE CASCADE ON DELETE RESTRICT;

CREATE SEQUENCE public.language_language_id_seq AS integer;

CREATE TABLE public.language (
    language_id integer DEFAULT nextval('public.language_language_id_seq'::regclass) NOT NULL,
    name character(20) NOT NULL,
    last_update timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT language_pkey PRIMARY KEY (language_id)
);

ALTER SEQUENCE public.language_language_id_seq OWNED BY public.language.language_id;

CREATE TRIGGER last_updated BEFORE UPDATE ON public.language FOR EACH ROW EXECUTE FUNCTION public.last_updated();

ALTER TABLE public.language OWNER TO interview_owner;

GRANT SELECT ON TABLE public.language TO interview_catalogue;

ALTER TABLE public.film ADD CONSTRAINT film_language_id_fkey FOREIGN KEY (language_id) REFERENCES public.language(language_id) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE public.film ADD CONSTRAINT film_original_language_id_fkey FOREIGN KEY (original_language_id) REFERENCES public.language(language_id) ON UPDATE CASCADE ON DELETE RESTRICT;

CREATE SEQUENCE public.payment_payment_id_seq AS integer;

CREATE TABLE public.payment (
    payment_id integer DEFAULT nextval('public.payment_payment_id_seq'::regclass) NOT NULL,
    customer_id integer NOT NULL,
    staff_id integer NOT NULL,
    rental_id integer NOT NULL,
    amount numeric(5,2) NOT NULL,
    payment_date timestamp with time zone NOT NULL,
    CONSTRAINT payment_pkey PRIMARY KEY (payment_date, payment_id)
) PARTITION BY RANGE (payment_date);

CREATE TABLE public.payment_p2022_01 (
    payment_id integer DEFAULT nextval('public.payment_payment_id_seq'::regclass) NOT NULL,
    customer_id integer NOT NULL,
    staff_id integer NOT NULL,
    rental_id integer NOT NULL,
    amount numeric(5,2) NOT NULL,
    payment_date timestamp with time zone NOT NULL,
    CONSTRAINT payment_p2022_01_pkey PRIMARY KEY (payment_date, payment_id)
);

CREATE TABLE public.payment_p2022_02 (
    payment_id integer DEFAULT nextval('public.payment_payment_id_seq'::regclass) NOT NULL,
    customer_id integer NOT NULL,
    staff_id integer NOT NULL,
    rental_id integer NOT NULL,
    amount numeric(5,2) NOT NULL,
    payment_date timestamp with time zone NOT NULL,
    CONSTRAINT payment_p2022_02_pkey PRIMARY KEY (payment_date, payment_id)
);

CREATE TABLE public.payment_p2022_03 (
    payment_id integer DEFAULT nextval('public.payment_payment_id_seq'::regclass) NOT NULL,
    customer_id integer NOT NULL,
    staff_id integer NOT NULL,
    rental_id integer NOT NULL,
    amount numeric(5,2) NOT NULL,
    payment_date timestamp with time zone NOT NULL,
    CONSTRAINT payment_p2022_03_pkey PRIMARY KEY (payment_date, payment_id)
);

CREATE TABLE public.payment_p2022_04 (
    payment_id integer DEFAULT nextval('public.payment_payment_id_seq'::regclass) NOT NULL,
    customer_id integer NOT NULL,
    staff_id integer NOT NULL,
    rental_id integer NOT NULL,
    amount numeric(5,2) NOT NULL,
    payment_date timestamp with time zone NOT NULL,
    CONSTRAINT payment_p2022_04_pkey PRIMARY KEY (payment_date, payment_id)
);

CREATE TABLE public.payment_p2022_05 (
    payment_id integer DEFAULT nextval('public.payment_payment_id_seq'::regclass) NOT NULL,
    customer_id integer NOT NULL,
    staff_id integer NOT NULL,
    rental_id integer NOT NULL,
    amount numeric(5,2) NOT NULL,
    payment_date timestamp with time zone NOT NULL,
    CONSTRAINT payment_p2022_05_pkey PRIMARY KEY (payment_date, payment_id)
);

CREATE TABLE public.payment_p2022_06 (
    payment_id integer DEFAULT nextval('public.payment_payment_id_seq'::regclass) NOT NULL,
    customer_id integer NOT NULL,
    staff_id integer NOT NULL,
    rental_id integer NOT NULL,
    amount numeric(5,2) NOT NULL,
    payment_date timestamp with time zone NOT NULL,
    CONSTRAINT payment_p2022_06_pkey PRIMARY KEY (payment_date, payment_id)
);

CREATE TABLE public.payment_p2022_07 (
    payment_id integer DEFAULT nextval('public.payment_payment_id_seq'::regclass) NOT NULL,
    customer_id integer NOT NULL,
    staff_id integer NOT NULL,
    rental_id integer NOT NULL,
    amount numeric(5,2) NOT NULL,
    payment_date timestamp with time zone NOT NULL,
    CONSTRAINT payment_p2022_07_pkey PRIMARY KEY (payment_date, payment_id)
);

CREATE INDEX idx_fk_payment_customer_id ON ONLY public.payment USING btree (customer_id);

CREATE INDEX idx_fk_payment_rental_id ON ONLY public.payment USING btree (rental_id);

CREATE INDEX payment_p2022_01_customer_id_idx ON public.payment_p2022_01 USING btree (customer_id);

CREATE INDEX payment_p2022_01_rental_id_idx ON public.payment_p2022_01 USING btree (rental_id);

ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_p2022_01 FOR VALUES FROM ('2022-01-01 00:00:00+00') TO ('2022-02-01 00:00:00+00');

CREATE INDEX payment_p2022_02_customer_id_idx ON public.payment_p2022_02 USING btree (customer_id);

CREATE INDEX payment_p2022_02_rental_id_idx ON public.payment_p2022_02 USING btree (rental_id);

ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_p2022_02 FOR VALUES FROM ('2022-02-01 00:00:00+00') TO ('2022-03-01 00:00:00+00');

CREATE INDEX payment_p2022_03_customer_id_idx ON public.payment_p2022_03 USING btree (customer_id);

CREATE INDEX payment_p2022_03_rental_id_idx ON public.payment_p2022_03 USING btree (rental_id);

ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_p2022_03 FOR VALUES FROM ('2022-03-01 00:00:00+00') TO ('2022-04-01 00:00:00+00');

CREATE INDEX payment_p2022_04_customer_id_idx ON public.payment_p2022_04 USING btree (customer_id);

CREATE INDEX payment_p2022_04_rental_id_idx ON public.payment_p2022_04 USING btree (rental_id);

ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_p2022_04 FOR VALUES FROM ('2022-04-01 00:00:00+00') TO ('2022-05-01 00:00:00+00');

CREATE INDEX payment_p2022_05_customer_id_idx ON public.payment_p2022_05 USING btree (customer_id);

CREATE INDEX payment_p2022_05_rental_id_idx ON public.payment_p2022_05 USING btree (rental_id);

ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_p2022_05 FOR VALUES FROM ('2022-05-01 00:00:00+00') TO ('2022-06-01 00:00:00+00');

CREATE INDEX payment_p2022_06_customer_id_idx ON public.payment_p2022_06 USING btree (customer_id);

CREATE INDEX payment_p2022_06_rental_id_idx ON public.payment_p2022_06 USING btree (rental_id);

ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_p2022_06 FOR VALUES FROM ('2022-06-01 00:00:00+00') TO ('2022-07-01 00:00:00+00');

CREATE INDEX payment_p2022_07_customer_id_idx ON public.payment_p2022_07 USING btree (customer_id);

CREATE INDEX payment_p2022_07_rental_id_idx ON public.payment_p2022_07 USING btree (rental_id);

ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_p2022_07 FOR VALUES FROM ('2022-07-01 00:00:00+00') TO ('2022-08-01 00:00:00+00');

ALTER SEQUENCE public.payment_payment_id_seq OWNED BY public.payment.payment_id;

ALTER TABLE public.payment OWNER TO interview_owner;

ALTER TABLE public.payment_p2022_01 OWNER TO interview_owner;

ALTER TABLE public.payment_p2022_02 OWNER TO interview_owner;

ALTER TABLE public.payment_p2022_03 OWNER TO interview_owner;

ALTER TABLE public.payment_p2022_04 OWNER TO interview_owner;

ALTER TABLE public.payment_p2022_05 OWNER TO interview_owner;

ALTER TABLE public.payment_p2022_06 OWNER TO interview_owner;

ALTER TABLE public.payment_p2022_07 OWNER TO interview_owner;

ALTER TABLE public.payment ADD CONSTRAINT payment_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.customer(customer_id) ON UPDATE CASCADE ON DELETE RESTRICT;

CREATE SEQUENCE public.rental_rental_id_seq AS integer;

CREATE TABLE public.rental (
    rental_id integer DEFAULT nextval('public.rental_rental_id_seq'::regclass) NOT NULL,
    rental_date timestamp with time zone NOT NULL,
    inventory_id integer NOT NULL,
    customer_id integer NOT NULL,
    return_date timestamp with time zone,
    staff_id integer NOT NULL,
    last_update timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT rental_pkey PRIMARY KEY (rental_id)
);

CREATE INDEX idx_fk_inventory_id ON public.rental USING btree (inventory_id);

CREATE UNIQUE INDEX idx_unq_rental_rental_date_inventory_id_customer_id ON public.rental USING btree (rental_date, inventory_id, customer_id);

CREATE INDEX rental_customer_id_rental_date_rental_id_idx ON public.rental USING btree (customer_id, rental_date, rental_id);

CREATE INDEX rental_rental_date_idx ON public.rental USING btree (rental_date);

ALTER SEQUENCE public.rental_rental_id_seq OWNED BY public.rental.rental_id;

CREATE TRIGGER last_updated BEFORE UPDATE ON public.rental FOR EACH ROW EXECUTE FUNCTION public.last_updated();

ALTER TABLE public.rental OWNER TO interview_owner;

GRANT SELECT ON TABLE public.rental TO interview_rentals;

ALTER TABLE public.payment ADD CONSTRAINT payment_rental_id_fkey FOREIGN KEY (rental_id) REFERENCES public.rental(rental_id) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE public.rental ADD CONSTRAINT rental_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.customer(customer_id) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE public.rental ADD CONSTRAINT rental_inventory_id_fkey FOREIGN KEY (inventory_id) REFERENCES public.inventory(inventory_id) ON UPDATE CASCADE ON DELETE RESTRICT;

CREATE SEQUENCE public.staff_staff_id_seq AS integer;

CREATE TABLE public.staff (
    staff_id integer DEFAULT nextval('public.staff_staff_id_seq'::regclass) NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    address_id integer NOT NULL,
    email text,
    store_id integer NOT NULL,
    active boolean DEFAULT true NOT NULL,
    username text NOT NULL,
    password text,
    last_update timestamp with time zone DEFAULT now() NOT NULL,
    picture bytea,
    CONSTRAINT staff_pkey PRIMARY KEY (staff_id)
);

ALTER SEQUENCE public.staff_staff_id_seq OWNED BY public.staff.staff_id;

CREATE TRIGGER last_updated BEFORE UPDATE ON public.staff FOR EACH ROW EXECUTE FUNCTION public.last_updated();

ALTER TABLE public.staff OWNER TO interview_owner;

ALTER TABLE public.payment ADD CONSTRAINT payment_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES public.staff(staff_id) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE public.rental ADD CONSTRAINT rental_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES public.staff(staff_id) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE public.staff ADD CONSTRAINT staff_address_id_fkey FOREIGN KEY (address_id) REFERENCES public.address(address_id) ON UPDATE CASCADE ON DELETE RESTRICT;

CREATE SEQUENCE public.store_store_id_seq AS integer;

CREATE TABLE public.store (
    store_id integer DEFAULT nextval('public.store_store_id_seq'::regclass) NOT NULL,
    manager_staff_id integer NOT NULL,
    address_id integer NOT NULL,
    last_update timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT store_pkey PRIMARY KEY (store_id)
);

CREATE UNIQUE INDEX idx_unq_manager_staff_id ON public.store USING btree (manager_staff_id);

ALTER SEQUENCE public.store_store_id_seq OWNED BY public.store.store_id;

CREATE TRIGGER last_updated BEFORE UPDATE ON public.store FOR EACH ROW EXECUTE FUNCTION public.last_updated();

ALTER TABLE public.store OWNER TO interview_owner;

ALTER TABLE public.customer ADD CONSTRAINT customer_store_id_fkey FOREIGN KEY (store_id) REFERENCES public.store(store_id) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE public.inventory ADD CONSTRAINT inventory_store_id_fkey FOREIGN KEY (store_id) REFERENCES public.store(store_id) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE public.staff ADD CONSTRAINT staff_store_id_fkey FOREIGN KEY (store_id) REFERENCES public.store(store_id) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE public.store ADD CONSTRAINT store_address_id_fkey FOREIGN KEY (address_id) REFERENCES public.address(address_id) ON UPDATE CASCADE ON DELETE RESTRICT;
