create table t (id int primary key, b text, c int);
create function so() returns setof t language sql begin atomic select * from t; end;
create view ws as select so.id from so();
create function rowf(r t) returns text language sql immutable as $$ select 'x' $$;
create index i on t (rowf(t.*)) ;
create view wr as select rowf(t.*) z, t.id from t;
create view whole as select t from t;
create type ct as (r t, n int);
create table u (x ct, y t[]);
