CREATE TABLE film_actor (film_id integer NOT NULL, actor_id integer NOT NULL, part text NOT NULL, PRIMARY KEY (actor_id, film_id, part));
CREATE TABLE setting (name text NOT NULL, scope text NOT NULL, UNIQUE (name), CONSTRAINT setting_pkey PRIMARY KEY (scope, name));
