create table t(a bigint, b text);
create view v as select a from t;
create function f() returns setof v language sql stable as $$ select a from public.t $$;
create function g(v) returns bigint language sql stable begin atomic select ($1).a; end;
create or replace view v as select a from t union all select g(f.*) as a from f() as f;
comment on view v is 'kept'; comment on function f() is 'kept';
create view w as select a from v;
