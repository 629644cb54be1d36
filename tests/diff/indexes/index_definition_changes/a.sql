create table t (a int, b text);
create index i1 on t (a);
create index i2 on t (a) where a > 0;
create index i3 on t (a) include (b);
create index i4 on t (a);
create index i5 on t using hash (a);
create index i6 on t (lower(b));
comment on index i1 is 'kept';
