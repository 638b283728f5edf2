-- Whether $1 has a word to search for, besides those that are excluded or ignored.
SELECT querytree(websearch_to_tsquery('english', $1)) NOT IN ('', 'T') AS has_words
