create type c as (a bigint, b text, n int); create table t (id int primary key, x c, xs c[]); create domain dc as c; create table u (d dc);
