create table t(a int, b text);
create view v as select a, b from t;
create function f() returns setof v language sql stable as $$ select a, b from public.t $$;
create or replace view v with (security_barrier) as select a, b from t union all select a, b from f();
comment on view v is 'round'; comment on column v.a is 'a'; grant select on v to public;
create view w as select a from v group by a;
create materialized view m as select count(*) as n from v;
