create table t (m text);
create function f(m text) returns setof t language sql as $$ select * from t $$;
create index i on t (m);
