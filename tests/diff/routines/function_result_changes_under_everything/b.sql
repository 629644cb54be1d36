create function f(a int) returns bigint language sql immutable as $$ select a::bigint $$;
create table t (
  id int primary key,
  a int default f(1),
  b int constraint b_ok check (f(b) > 0),
  keep text,
  c int generated always as (f(id)) stored
);
comment on constraint b_ok on t is 'b is fine';
create index t_f on t (f(a));
create index t_c on t (c);
create view v as select f(a) as n from t;
grant select on v to public;
comment on view v is 'of f';
create policy p on t using (f(id) > 0);
comment on policy p on t is 'only some';
create function tg() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger tr before insert on t for each row when (f(new.id) > 0) execute function tg();
comment on trigger tr on t is 'before';
alter table t disable trigger tr;
comment on function f(int) is 'eff';
revoke all on function f(int) from public;
