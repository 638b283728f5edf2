CREATE TABLE film (film_id serial PRIMARY KEY, title text);
CREATE TABLE actor (actor_id bigserial PRIMARY KEY, name text);
GRANT USAGE ON SEQUENCE actor_actor_id_seq TO pair_writer;
