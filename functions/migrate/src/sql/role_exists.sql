-- A row if there is a role of this name.
SELECT FROM pg_roles WHERE rolname = $1
