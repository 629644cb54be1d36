create table t (a int primary key, b int, c int4range, unique (b) with (fillfactor = 60));
alter table t add constraint x exclude using gist (c with &&);
