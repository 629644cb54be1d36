create type c as (a bigint, b text, d date); create table t of c (primary key (a));
