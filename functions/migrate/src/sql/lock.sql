-- One runner in a database. This never waits: a session that waited here would block another
-- runner's CREATE INDEX CONCURRENTLY, and be blocked by its lock, which PostgreSQL reports as a
-- deadlock. The key is "migrate" in ASCII.
SELECT pg_try_advisory_lock(30796665482998885) AS locked
