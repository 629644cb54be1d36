create table t (a int, b int, c int);
create index i1 on t (a, b);
create index i2 on t (b);
create index i3 on t (c) where c > 0;
