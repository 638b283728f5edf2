-- One runner a database. Never waits: who waits within the database keeps another's concurrent
-- index from ending, and PostgreSQL calls that a deadlock. The key is "migrate" in ASCII.
SELECT pg_try_advisory_lock(30796665482998885) AS locked
