INSERT INTO app.tenant (name) VALUES ('One'), ('Two');
INSERT INTO app.member (tenant_id, email) VALUES (1, 'a@example.org'), (2, 'b@example.org');
INSERT INTO app.document (tenant_id, member_id, body) VALUES (1, 1, 'x'), (2, NULL, 'y');
