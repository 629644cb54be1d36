
create text search configuration c (copy = simple);
create table t (a text, b tsvector generated always as (to_tsvector('public.c', a)) stored);
