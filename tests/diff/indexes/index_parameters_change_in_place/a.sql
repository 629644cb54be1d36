create table t (a int, b text);
create index i on t (a, lower(b)) with (fillfactor = 70) where a > 0;
create index g on t (a);
create unique index u on t (a);
alter index i alter column 2 set statistics 100;
comment on index i is 'old';
