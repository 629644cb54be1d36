create table t (id int primary key, a text, b text) with (autovacuum_enabled = on, toast.autovacuum_vacuum_threshold = 100);
create table u (id int, x bytea); alter table t alter column b set storage main;
alter table t alter column b set (n_distinct = -0.5); alter table t alter column a set statistics 20; alter table t replica identity nothing;
comment on column t.b is 'b'; grant select (a), insert on t to public; alter table t enable row level security;
