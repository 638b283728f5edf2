-- Releases the lock, because a connection pooler may keep the session open.
SELECT pg_advisory_unlock(30796665482998885) AS unlocked
