INSERT INTO voucher VALUES ('ABC', 5), ('D', 1);
