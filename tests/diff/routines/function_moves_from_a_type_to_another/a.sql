create type mood as enum ('a');
create table t (m mood);
create function f(m mood) returns setof t language sql as $$ select * from t $$;
create function g(m mood[]) returns mood language sql as $$ select m[1] $$;
create index i on t (m);
