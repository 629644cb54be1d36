
create text search dictionary d (template = simple);
create text search configuration c (copy = simple);
alter text search configuration c alter mapping for word with d, simple;
create table t (a text, b tsvector generated always as (to_tsvector('public.c', a)) stored);
