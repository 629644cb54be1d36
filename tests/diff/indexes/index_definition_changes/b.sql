create table t (a int, b text);
create index i1 on t (a desc);
create index i2 on t (a) where a > 1;
create index i3 on t (a);
create unique index i4 on t (a);
create index i5 on t (a);
create index i6 on t (upper(b));
comment on index i1 is 'kept';
