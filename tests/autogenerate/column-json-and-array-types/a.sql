CREATE TABLE doc (doc_id integer PRIMARY KEY, body json, tags text, numbers integer[], flag "char", ip text, raw text);
