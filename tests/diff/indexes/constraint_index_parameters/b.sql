create table t (a int, b int, c int4range, unique (b));
alter table t add primary key (a) with (fillfactor = 80);
alter table t add constraint x exclude using gist (c with &&) with (fillfactor = 50) where (a > 0);
