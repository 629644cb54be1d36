create table t(a int);
create view v as select a from t;
create view w as select a from t;
create function fv() returns setof v language sql stable as $$ select a from public.t $$;
create function fw() returns setof w language sql stable as $$ select a from public.t $$;
create or replace view v as select a from fw();
create or replace view w as select a from fv();
create function h() returns setof int language sql stable begin atomic select a from w; end;
create or replace view v as select a from fw() union all select h() as a;
