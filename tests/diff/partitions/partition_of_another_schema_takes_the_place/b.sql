CREATE SCHEMA archive;
CREATE TABLE readings (taken integer NOT NULL, value numeric) PARTITION BY RANGE (taken);
CREATE TABLE archive.readings_old PARTITION OF readings FOR VALUES FROM (0) TO (100);
CREATE TABLE readings_new PARTITION OF readings FOR VALUES FROM (100) TO (200);
