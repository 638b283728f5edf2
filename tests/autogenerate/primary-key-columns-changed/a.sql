CREATE TABLE film_actor (film_id integer NOT NULL, actor_id integer NOT NULL, part text NOT NULL, PRIMARY KEY (film_id, actor_id));
CREATE TABLE setting (name text PRIMARY KEY, scope text NOT NULL, UNIQUE (scope, name));
