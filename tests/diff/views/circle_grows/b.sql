create table t(a int, b text);
create view v as select a from t;
create or replace view v as select a, b from t;
create function f() returns setof v language sql stable begin atomic select a, b from public.t; end;
create or replace view v as select a, b from t union all select a, b from f();
comment on column v.b is 'new'; grant select on v to public;
