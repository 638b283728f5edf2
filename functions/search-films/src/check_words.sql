-- Whether $1 has a word to search for, besides those that are excluded or ignored; whether a film of the
-- whole catalogue has the words; and whether a search for them leaves out films.
WITH examined AS MATERIALIZED (
    SELECT fulltext
    FROM film
    WHERE setweight(fulltext, 'D') @@ regexp_replace(
        querytree(websearch_to_tsquery('english', $1)), '<(-|\d+)>', '&', 'g')::tsquery
    LIMIT 1500
), matching AS MATERIALIZED (
    SELECT FROM examined WHERE fulltext @@ websearch_to_tsquery('english', $1) LIMIT 1000
)
SELECT querytree(websearch_to_tsquery('english', $1)) NOT IN ('', 'T') AS has_words,
       (SELECT count(*) FROM matching) > 0 AS is_found,
       (SELECT count(*) FROM matching) = 1000 OR (SELECT count(*) FROM examined) = 1500 AS is_part
