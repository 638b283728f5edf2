INSERT INTO city VALUES ('Bern', 130000);
INSERT INTO capital VALUES ('Rome', 2800000, 'IT');
INSERT INTO village VALUES ('Guarda', 160, 'Ann');
