-- The lock goes back, should the session outlive us in a pooler.
SELECT pg_advisory_unlock(30796665482998885) AS unlocked
