create table t (a int, b text);
create index i on t (a, lower(b)) with (deduplicate_items = off) where a > 0;
create index g on t (a) with (fillfactor = 50);
create unique index u on t (a);
alter index i alter column 2 set statistics 200;
comment on index u is 'new';
