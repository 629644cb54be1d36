create table t (id int primary key, a text, b text) with (fillfactor = 50, autovacuum_enabled = off, toast.autovacuum_enabled = off);
create unlogged table u (id int, x bytea); alter table u alter column x set storage external; alter table t alter column a set compression pglz;
alter table t alter column b set (n_distinct = 5); alter table t alter column a set statistics 10; alter table t replica identity full;
comment on table t is 't'; comment on column t.a is 'a'; grant select on t to public; grant update (a) on t to public;
alter table t force row level security;
insert into t values (1,'a','b');
