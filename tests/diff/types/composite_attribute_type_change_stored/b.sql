create type c as (a bigint, b text, d int); create table t(id int, c c, cc c[]);
