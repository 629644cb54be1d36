create table t(a int, b text);
create view v as select a as id, b from t;
create view w as select v.id as a, count(*) as n from v group by v.id;
create view x with (security_barrier) as select n from w;
comment on view x is 'chain'; comment on column x.n is 'how many'; grant select on x to public;
create rule r as on insert to x do instead nothing;
alter view v alter column b set default 'none';
