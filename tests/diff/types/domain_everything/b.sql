create domain d1 as int check (value < 1000); create domain d2 as d1 default 4 check (value > 1);
create domain d3 as text collate "C" constraint a check (value <> 'aa') constraint bb check (value <> 'b');
alter domain d3 add constraint c check (value <> 'c');
create table t (id int, a d1, b d2, c d3, e d2[]);
create view v as select b, c from t; create index i on t (b) where c <> 'x';
create function f(d2) returns d3 language sql immutable as $$ select 'z'::d3 $$;
comment on domain d3 is 'd33'; comment on constraint a on domain d3 is 'aa'; revoke usage on type d3 from public;
