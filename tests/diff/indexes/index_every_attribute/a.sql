create table t (a int, b text, c text collate "C", d tstzrange, e jsonb, f int[]);
