create foreign data wrapper w; create server s foreign data wrapper w; create server s2 foreign data wrapper w;
create foreign table t (a integer options (column_name 'A', key 'true') not null, b text collate "C" default 'x', c text, constraint positive check (a > 0), constraint odd check (b <> '') no inherit) server s options (schema_name 'x', table_name 'y');
alter foreign table t alter b set statistics 10, alter c set storage external, alter a set (n_distinct = 5);
comment on foreign table t is 't';
comment on column t.a is 'a';
comment on constraint positive on t is 'p';
grant select on t to pr_app;
