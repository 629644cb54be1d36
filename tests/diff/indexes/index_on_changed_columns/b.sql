create table t (a int, c bigint, d int);
create index i1 on t (a, d);
create index i3 on t (c) where c > 0;
create index i4 on t (lower(d::text));
