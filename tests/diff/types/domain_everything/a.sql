create domain d1 as int; create domain d2 as d1 default 3 not null check (value > 0);
create domain d3 as text collate "C" constraint a check (value <> 'a') constraint b check (value <> 'b');
alter domain d3 add constraint c check (value <> 'c') not valid;
create table t (id int, a d1, b d2, c d3, e d2[]);
create view v as select b, c from t; create index i on t (b) where c <> 'x';
create function f(d2) returns d3 language sql immutable as $$ select 'z'::d3 $$;
comment on domain d3 is 'd3'; comment on constraint a on domain d3 is 'a'; grant usage on type d3 to public;
