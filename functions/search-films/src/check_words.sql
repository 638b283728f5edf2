-- Whether $1 has a word to search for, besides those that are excluded or ignored, and whether a search
-- for it leaves out films.
WITH examined AS MATERIALIZED (
    SELECT fulltext
    FROM film
    WHERE setweight(fulltext, 'D') @@ regexp_replace(
        querytree(websearch_to_tsquery('english', $1)), '<(-|\d+)>', '&', 'g')::tsquery
    LIMIT 2000
), matching AS (
    SELECT FROM examined WHERE fulltext @@ websearch_to_tsquery('english', $1) LIMIT 1000
)
SELECT querytree(websearch_to_tsquery('english', $1)) NOT IN ('', 'T') AS has_words,
       (SELECT count(*) FROM matching) = 1000 OR (SELECT count(*) FROM examined) = 2000 AS is_part
