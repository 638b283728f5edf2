-- Generated data for Pagila's tables: the same rows on every machine and every day.
--
-- Fills the empty tables of 01-pagila-schema.sql. At scale 1 there are 1,000 films, 599 customers,
-- 4,581 inventory items and 16,044 rentals with a payment each; 183 of them are not returned.
-- To multiply these numbers, run this first, in the same session:
--
--     SET pagila.scale = 1000;  -- a million films, sixteen million rentals
--     SET pagila.film_scale = 100;  -- if set, the films are multiplied by this instead
--
-- Every random choice is a hash of its purpose and the key of the row. Nothing depends on the clock,
-- on settings or on the order in which rows are inserted.

DO $$
DECLARE
    scale text := coalesce(nullif(current_setting('pagila.scale', true), ''), '1');
    film_scale text := coalesce(nullif(current_setting('pagila.film_scale', true), ''), scale);
    setting record;
BEGIN
    FOR setting IN VALUES ('pagila.scale', scale), ('pagila.film_scale', film_scale) LOOP
        IF setting.column2 !~ '^([1-9][0-9]{0,2}|1000)$' THEN
            RAISE EXCEPTION '% must be a whole number from 1 to 1000, not "%"',
                setting.column1, setting.column2
                USING ERRCODE = 'invalid_parameter_value';
        END IF;
        PERFORM set_config(setting.column1, setting.column2, false);
    END LOOP;
    IF EXISTS (SELECT FROM public.film) THEN
        RAISE EXCEPTION 'public.film has rows already: this data is for an empty database'
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
END
$$;

-- A number from 0 to `bound` - 1. The hash is the same in every version of PostgreSQL, because hash
-- partitions depend on it.
CREATE FUNCTION pg_temp.number_below(bound integer, purpose text, key integer) RETURNS integer
    LANGUAGE sql IMMUTABLE
    RETURN abs(hashtextextended(purpose, key) % bound)::integer;

CREATE FUNCTION pg_temp.one_of(choices anyarray, purpose text, key integer) RETURNS anyelement
    LANGUAGE sql IMMUTABLE
    AS $$ SELECT choices[1 + abs(hashtextextended(purpose, key) % cardinality(choices))] $$;

-- When the shops first open: the last_update of all rows that precede the first rental.
CREATE FUNCTION pg_temp.opening() RETURNS timestamptz
    LANGUAGE sql IMMUTABLE
    RETURN timestamptz '2022-01-03 08:00:00+00';

-- Foreign keys and secondary indexes are dropped here and made again at the end. One join then checks
-- a whole table, and one sort builds an index, in a fraction of the time that each row would take.
CREATE TEMPORARY TABLE later (number serial, drop_it text, make_it text);

INSERT INTO later (drop_it, make_it)
SELECT format('DROP INDEX %s', indexrelid::regclass),
       -- The definition of a partitioned index leaves out those of the partitions.
       replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ')
FROM pg_index
JOIN pg_class ON pg_class.oid = indexrelid
WHERE relnamespace = 'public'::regnamespace AND NOT relispartition
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype <> 'f');

INSERT INTO later (drop_it, make_it)
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint
WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conparentid = 0;

DO $$
DECLARE
    step record;
BEGIN
    FOR step IN SELECT * FROM pg_temp.later ORDER BY number DESC LOOP
        EXECUTE step.drop_it;
    END LOOP;
END
$$;


-- Places

INSERT INTO public.country (country_id, country, last_update)
SELECT country_id, country, pg_temp.opening()
FROM unnest('{
    Albania, Algeria, Angola, Argentina, Armenia, Australia, Austria, Azerbaijan, Bahrain,
    Bangladesh, Belgium, Bolivia, Botswana, Brazil, Bulgaria, Cambodia, Cameroon, Canada, Chile,
    China, Colombia, Costa Rica, Croatia, Cuba, Cyprus, Denmark, Ecuador, Egypt, Estonia, Ethiopia,
    Fiji, Finland, France, Gabon, Georgia, Germany, Ghana, Greece, Guatemala, Haiti, Honduras,
    Hungary, Iceland, India, Indonesia, Iran, Iraq, Ireland, Israel, Italy, Jamaica, Japan, Jordan,
    Kazakhstan, Kenya, Kuwait, Laos, Latvia, Lebanon, Lithuania, Luxembourg, Madagascar, Malawi,
    Malaysia, Mali, Malta, Mexico, Moldova, Mongolia, Morocco, Mozambique, Namibia, Nepal,
    Netherlands, New Zealand, Nicaragua, Nigeria, Norway, Oman, Pakistan, Panama, Paraguay, Peru,
    Philippines, Poland, Portugal, Qatar, Romania, Rwanda, Senegal, Serbia, Singapore, Slovakia,
    Slovenia, South Africa, South Korea, Spain, Sri Lanka, Sweden, Switzerland, Tanzania, Thailand,
    Tunisia, Turkey, Uganda, Ukraine, United Kingdom, United States, Zambia
}'::text[]) WITH ORDINALITY AS list (country, country_id);

INSERT INTO public.city (city_id, city, country_id, last_update)
SELECT row_number() OVER place, stem || ending, 1 + (row_number() OVER place - 1) % 109,
       pg_temp.opening()
FROM unnest('{
    Alder, Amber, Ash, Birch, Black, Bright, Clear, Cold, Cross, Dun, East, Elm, Fair, Fern, Glen,
    Green, Haw, Iron, King, Lang, Maple, Mill, Nor, Oak, Raven, Silver, Stone, Thorn, Wester, Wood
}'::text[]) WITH ORDINALITY AS stems (stem, stem_number)
CROSS JOIN unnest('{
    bourne, bridge, brook, bury, by, cliff, dale, field, ford, gate, ham, haven, hurst, ley, mere,
    mouth, port, stead, ton, wick
}'::text[]) WITH ORDINALITY AS endings (ending, ending_number)
WINDOW place AS (ORDER BY ending_number, stem_number);

-- The addresses of two shops, of two members of staff and of each customer.
INSERT INTO public.address
    (address_id, address, district, city_id, postal_code, phone, last_update)
SELECT address_id,
       concat_ws(' ',
           1 + pg_temp.number_below(1999, 'house', address_id),
           pg_temp.one_of('{
               Bakers, Canal, Castle, Chapel, Garden, Harbour, Market, Meadow, Orchard, Park,
               Quarry, School, Station, Tanner, Temple, Vine, Water, Willow, Windmill, Woodland
           }'::text[], 'street', address_id),
           pg_temp.one_of('{Avenue, Drive, Lane, Road, Street, Way}'::text[], 'way', address_id)),
       pg_temp.one_of('{
           Central, Eastern, Highland, Lowland, Midland, Northern, Riverside, Southern, Western
       }'::text[], 'district', address_id),
       1 + pg_temp.number_below(600, 'city', address_id),
       10000 + pg_temp.number_below(90000, 'postal code', address_id),
       '555' || 1000000 + pg_temp.number_below(9000000, 'phone', address_id),
       pg_temp.opening()
FROM generate_series(1, 4 + 599 * current_setting('pagila.scale')::integer) AS address_id;


-- Films

INSERT INTO public.language (language_id, name, last_update)
SELECT language_id, name, pg_temp.opening()
FROM unnest('{English, Italian, Japanese, Mandarin, French, German}'::text[])
    WITH ORDINALITY AS list (name, language_id);

INSERT INTO public.category (category_id, name, last_update)
SELECT category_id, name, pg_temp.opening()
FROM unnest('{
    Action, Animation, Children, Classics, Comedy, Documentary, Drama, Family, Foreign, Games,
    Horror, Music, New, Sci-Fi, Sports, Travel
}'::text[]) WITH ORDINALITY AS list (name, category_id);

-- Every twenty actors have all the first names, each with another last name than before: all full
-- names differ.
INSERT INTO public.actor (actor_id, first_name, last_name, last_update)
SELECT actor_id,
       ('{
           ADA, BORIS, CARMEN, DESMOND, ELSA, FELIX, GRETA, HUGO, INGRID, JASPER, KEIKO, LORENZO,
           MIRIAM, NOAH, OLGA, PABLO, RUTH, STELLAN, TESS, VIKTOR
       }'::text[])[1 + actor_id % 20],
       ('{
           ABBOTT, BELLAMY, CHANDRA, DELACROIX, EASTWICK, FONTAINE, GARLAND, HOLLOWAY, ISHIDA,
           JANSEN, KOWALSKI, LINDQVIST, MARLOWE, NAKAMURA, OKONKWO, PELLEGRINI, QUINTANA,
           ROSENTHAL, SINCLAIR, THORNE
       }'::text[])[1 + (actor_id % 20 * 3 + actor_id / 20) % 20],
       pg_temp.opening()
FROM generate_series(1, 200) AS actor_id;

-- A hundred first words and a hundred second words give ten thousand titles. When all are used,
-- sequels follow, with their number in the title: all titles differ.
INSERT INTO public.film
    (film_id, title, description, release_year, language_id, original_language_id, rental_duration,
     rental_rate, length, replacement_cost, rating, last_update, special_features)
SELECT film_id,
       concat_ws(' ',
           ('{
               ACADEMY, ACE, ALPINE, AMBER, ANCHOR, APRIL, ARCTIC, AUTUMN, BALLAD, BAMBOO, BEACON,
               BITTER, BLUE, BORDER, BRASS, BROKEN, CANDLE, CANYON, CARNIVAL, CATHEDRAL, CLOCKWORK,
               COPPER, CORAL, CRIMSON, CRYSTAL, DANCING, DESERT, DISTANT, DOUBLE, DRIFTING, ECHO,
               ELECTRIC, EMERALD, EMPTY, ENDLESS, FALLING, FEARLESS, FIRE, FORGOTTEN, FROZEN,
               GENTLE, GHOST, GOLDEN, GRAND, HARVEST, HIDDEN, HOLLOW, HONEST, HUNGRY, INVISIBLE,
               IRON, IVORY, JADE, JASMINE, JUNGLE, KINGDOM, LANTERN, LAUGHING, LAST, LIBERTY,
               LONELY, LUCKY, MAGNETIC, MARBLE, MIDNIGHT, MIRROR, MOONLIT, MUSICAL, NAKED, NEON,
               NORTHERN, OCEAN, ORCHID, PAPER, PERFECT, PHANTOM, PILGRIM, POLAR, QUIET, RADIO,
               RAINY, RECKLESS, ROYAL, RUNAWAY, SAVAGE, SECRET, SILENT, SILVER, SLEEPING, STOLEN,
               STORM, SUMMER, THUNDER, TROPICAL, VELVET, VELOCITY, WANDERING, WHISPERING, WILD,
               WINTER
           }'::text[])[1 + pair % 100],
           ('{
               DINOSAUR, GOLDFINGER, ORCHESTRA, TIGER, HARBOR, LETTER, GARDEN, DETECTIVE, PARADE,
               VOYAGE, ENGINE, SPARROW, MOUNTAIN, WEDDING, CIPHER, HIGHWAY, DRAGON, KITCHEN,
               PROMISE, ISLAND, WIDOW, COMPASS, BALLOON, SOLDIER, THEATER, RIVER, CHAMPION,
               ORCHARD, BANDIT, TELEGRAM, PALACE, SHADOW, VIOLIN, EXPRESS, FALCON, WINDOW, PIRATE,
               REUNION, ASTRONAUT, BRIDGE, CIRCUS, DIARY, ELEPHANT, FOREST, GAMBLER, HOTEL,
               INVASION, JOURNEY, KNIGHT, LABYRINTH, MACHINE, NEIGHBOR, OUTLAW, PUZZLE, QUEEN,
               ROBBERY, SAILOR, TREASURE, UNICORN, VALLEY, WITNESS, ZEPPELIN, AVALANCHE, BUTTERFLY,
               CASTLE, DOCTOR, ECLIPSE, FESTIVAL, GIANT, HORIZON, INFERNO, JUSTICE, KALEIDOSCOPE,
               LEGEND, MELODY, NIGHTMARE, OASIS, PARROT, RAILWAY, SATELLITE, TOWER, UNIVERSE,
               VAMPIRE, WOLF, ALIBI, BAKERY, COMET, DESTINY, ENCOUNTER, FORTUNE, GALAXY, HEIRESS,
               ILLUSION, LIGHTHOUSE, MONSOON, PHOENIX, RHAPSODY, STAMPEDE, TORNADO, WHALE
           }'::text[])[1 + (pair + pair / 100 * 37) % 100],
           nullif(to_char(part, 'FMRN'), 'I')),
       format('A %s %s of a %s and a %s who must %s a %s in %s',
           pg_temp.one_of('{
               Bold, Breathless, Charming, Curious, Dazzling, Gloomy, Gripping, Hilarious, Lyrical,
               Moving, Peculiar, Quiet, Restless, Sweeping, Tender, Thrilling, Witty
           }'::text[], 'mood', film_id),
           pg_temp.one_of('{
               Chronicle, Comedy, Documentary, Drama, Fable, Mystery, Portrait, Romance, Saga,
               Satire, Story, Tale
           }'::text[], 'genre', film_id),
           pg_temp.one_of('{
               Baker, Chess Player, Clockmaker, Composer, Dentist, Diplomat, Gardener,
               Ghost Hunter, Goalkeeper, Lighthouse Keeper, Mathematician, Nurse, Pickpocket,
               Programmer, Stuntman
           }'::text[], 'hero', film_id),
           pg_temp.one_of('{
               Beekeeper, Cartographer, Cellist, Dog, Duchess, Ferryman, Fortune Teller, Judge,
               Librarian, Monkey, Novelist, Pilot, Retired Spy, Sculptor, Taxi Driver
           }'::text[], 'companion', film_id),
           pg_temp.one_of('{
               befriend, chase, defeat, expose, find, forgive, outwit, pursue, rescue, save, trick
           }'::text[], 'task', film_id),
           pg_temp.one_of('{
               Banker, Crocodile, Forger, Hypnotist, Lost Cousin, Magician, Mayor, Moose, Rival,
               Robot, Smuggler, Swindler, Twin, Vampire
           }'::text[], 'other', film_id),
           pg_temp.one_of('{
               a Flooded City, a Forgotten Cinema, a Mountain Railway, Lisbon at Night,
               New Zealand, Old Shanghai, Outer Space, Patagonia, Post-War Vienna, the Andes,
               the Arctic Circle, the Deep Sea, the Gobi Desert, the Scottish Highlands,
               the Suburbs, Zanzibar
           }'::text[], 'place', film_id)),
       1990 + pg_temp.number_below(35, 'release year', film_id),
       pg_temp.one_of('{1, 1, 1, 1, 1, 2, 3, 4, 5, 6}'::integer[], 'language', film_id),
       CASE WHEN pg_temp.number_below(10, 'dubbed', film_id) = 0
           THEN 1 + pg_temp.number_below(6, 'original language', film_id)
       END,
       3 + pg_temp.number_below(5, 'rental duration', film_id),
       pg_temp.one_of('{0.99, 2.99, 4.99}'::numeric[], 'rental rate', film_id),
       46 + pg_temp.number_below(140, 'length', film_id),
       9.99 + pg_temp.number_below(21, 'replacement cost', film_id),
       pg_temp.one_of('{G, PG, PG-13, R, NC-17}'::public.mpaa_rating[], 'rating', film_id),
       pg_temp.opening(),
       ARRAY(
           SELECT feature
           FROM unnest('{Trailers, Commentaries, Deleted Scenes, Behind the Scenes}'::text[])
               WITH ORDINALITY AS list (feature, place)
           -- The bits of a number from 1 to 15 choose one of the non-empty sets.
           WHERE (1 + pg_temp.number_below(15, 'features', film_id)) >> (place::integer - 1) & 1 = 1
           ORDER BY place)
FROM (
    SELECT film_id, (film_id - 1) % 10000 AS pair, (film_id - 1) / 10000 + 1 AS part
    FROM generate_series(1, 1000 * current_setting('pagila.film_scale')::integer) AS film_id
) AS film;

-- Three to eight actors for each film. A stride of at most 28 keeps the eight steps within 200
-- actors, so that no actor is in a film twice.
INSERT INTO public.film_actor (actor_id, film_id, last_update)
SELECT 1 + (pg_temp.number_below(200, 'first actor', film_id)
            + step * (1 + pg_temp.number_below(28, 'stride', film_id))) % 200,
       film_id, pg_temp.opening()
FROM public.film
CROSS JOIN LATERAL generate_series(0, 2 + pg_temp.number_below(6, 'cast', film_id)) AS step;

-- One category for each film, and a second one for about every tenth.
INSERT INTO public.film_category (film_id, category_id, last_update)
SELECT film_id,
       1 + (pg_temp.number_below(16, 'category', film_id)
            + nth * (1 + pg_temp.number_below(15, 'second category', film_id))) % 16,
       pg_temp.opening()
FROM public.film
CROSS JOIN LATERAL generate_series(
    0, CASE WHEN pg_temp.number_below(10, 'categories', film_id) = 0 THEN 1 ELSE 0 END) AS nth;


-- Shops, customers and rentals

INSERT INTO public.store (store_id, manager_staff_id, address_id, last_update)
VALUES (1, 1, 1, pg_temp.opening()),
       (2, 2, 2, pg_temp.opening());

INSERT INTO public.staff
    (staff_id, first_name, last_name, address_id, email, store_id, username, last_update)
VALUES (1, 'Nadia', 'Ferreira', 3, 'nadia.ferreira@example.com', 1, 'nadia', pg_temp.opening()),
       (2, 'Tomas', 'Hedberg', 4, 'tomas.hedberg@example.com', 2, 'tomas', pg_temp.opening());

-- Names are combined like titles. The email address of a customer whose name occurred before has a
-- number.
INSERT INTO public.customer
    (customer_id, store_id, first_name, last_name, email, address_id, activebool, create_date,
     last_update, active)
SELECT customer_id,
       1 + pg_temp.number_below(2, 'home store', customer_id),
       first_name, last_name,
       concat(lower(first_name), '.', lower(last_name), namesake, '@example.com'),
       4 + customer_id,
       is_active,
       date '2021-12-01' + pg_temp.number_below(30, 'create date', customer_id),
       pg_temp.opening(),
       is_active::integer
FROM (
    SELECT customer_id,
           ('{
               AISHA, ALAN, ANNA, BEATRIZ, BRUNO, CHLOE, DANIEL, DIANA, EMIL, ESTHER, FATIMA,
               FRANK, GABRIEL, GRACE, HANNAH, HENRIK, IRIS, IVAN, JOYCE, JULIAN, KARIM, KATE,
               LEILA, LUCAS, MARTA, MEI, NATHAN, NINA, OLIVER, PRIYA, QUENTIN, RACHEL, ROBERTO,
               SOFIA, SIMON, TARIQ, URSULA, VICTOR, WENDY, YUKI
           }'::text[])[1 + pair % 40] AS first_name,
           ('{
               ADEYEMI, ANDERSSON, BAKER, BIANCHI, CASTRO, CHEN, DAVIES, DUBOIS, EVANS, FISCHER,
               FUJITA, GARCIA, GUPTA, HANSEN, HUGHES, IVANOV, JACKSON, KAPLAN, KELLY, LARSEN,
               LOPEZ, MENDEZ, MORGAN, NGUYEN, NOVAK, ODHIAMBO, PARK, PETERS, REYES, ROSSI, SATO,
               SCHMIDT, SILVA, TANAKA, TURNER, VARGAS, WALSH, WEBER, YILMAZ, ZHANG
           }'::text[])[1 + (pair + pair / 40 * 13) % 40] AS last_name,
           namesake,
           pg_temp.number_below(40, 'active', customer_id) > 0 AS is_active
    FROM (
        SELECT customer_id, (customer_id - 1) % 1600 AS pair,
               nullif((customer_id - 1) / 1600 + 1, 1) AS namesake
        FROM generate_series(1, 599 * current_setting('pagila.scale')::integer) AS customer_id
    ) AS numbered
) AS person;

-- Four or five copies of most films, and none of a few.
INSERT INTO public.inventory (inventory_id, film_id, store_id, last_update)
SELECT inventory_id,
       1 + pg_temp.number_below(1000 * current_setting('pagila.film_scale')::integer,
                                'copy of', inventory_id),
       1 + pg_temp.number_below(2, 'store', inventory_id),
       pg_temp.opening()
FROM (SELECT current_setting('pagila.scale')::integer) AS setting (scale)
CROSS JOIN LATERAL generate_series(1, 4581 * scale) AS inventory_id;

-- Rentals are spread evenly over 205 days (17,712,000 seconds; at scale 1, one every 1,103 seconds),
-- in the order of their ids. A prime stride visits every inventory item once before any item again.
-- Each item is rented about every 58 days, for nine at most. The last rentals are not returned yet.
INSERT INTO public.rental
    (rental_id, rental_date, inventory_id, customer_id, return_date, staff_id, last_update)
SELECT rental_id, rental_date,
       1 + (rental_id - 1) * 7919::bigint % (4581 * scale),
       1 + pg_temp.number_below(599 * scale, 'customer', rental_id),
       return_date,
       1 + pg_temp.number_below(2, 'staff', rental_id),
       coalesce(return_date, rental_date)
FROM (SELECT current_setting('pagila.scale')::integer) AS setting (scale)
CROSS JOIN LATERAL generate_series(1, 16044 * scale) AS rental_id
CROSS JOIN LATERAL (
    SELECT pg_temp.opening() + make_interval(
        secs => (rental_id - 1) * 17712000::bigint / (16044 * scale)
                + pg_temp.number_below(1 + 1103 / scale, 'second', rental_id))
) AS begun (rental_date)
CROSS JOIN LATERAL (
    SELECT CASE WHEN rental_id <= (16044 - 183) * scale
        THEN rental_date
            + make_interval(mins => 1080 + pg_temp.number_below(11880, 'minutes', rental_id))
    END
) AS ended (return_date);

-- A rental is paid within five minutes. Rows in the order of time only append to the primary key,
-- which takes a fraction of the time at large scales.
INSERT INTO public.payment (payment_id, customer_id, staff_id, rental_id, amount, payment_date)
SELECT rental_id, customer_id, staff_id, rental_id, rental_rate,
       rental_date + make_interval(secs => pg_temp.number_below(300, 'paid', rental_id))
FROM public.rental
JOIN public.inventory USING (inventory_id)
JOIN public.film USING (film_id)
ORDER BY rental_id;


-- Makes the indexes and foreign keys again, and sets the sequences of the serial columns to the last
-- id.
DO $$
DECLARE
    step record;
    serial record;
BEGIN
    FOR step IN SELECT * FROM pg_temp.later ORDER BY number LOOP
        EXECUTE step.make_it;
    END LOOP;

    FOR serial IN
        SELECT attrelid::regclass AS table_name, attname AS name,
               pg_get_serial_sequence(attrelid::regclass::text, attname) AS sequence
        FROM pg_attribute
        JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
            AND attnum > 0 AND NOT attisdropped
    LOOP
        CONTINUE WHEN serial.sequence IS NULL;
        EXECUTE format('SELECT setval(%L, max(%I)) FROM %s',
            serial.sequence, serial.name, serial.table_name);
    END LOOP;
END
$$;

DROP TABLE pg_temp.later;
DROP FUNCTION pg_temp.number_below, pg_temp.one_of, pg_temp.opening;

ANALYZE public.actor, public.address, public.category, public.city, public.country,
    public.customer, public.film, public.film_actor, public.film_category, public.inventory,
    public.language, public.payment, public.rental, public.staff, public.store;
