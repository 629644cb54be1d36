-- A dropped table comes back without its primary key and its index.
-- found: back: constraint legacy_pkey on public.legacy missing
-- found: back: index public.legacy_note missing
-- [base]
create table legacy (id bigint constraint legacy_pkey primary key, note text);
create index legacy_note on legacy (note);
-- [faulty]
drop table if exists legacy;
-- [faulty down]
create table legacy (id bigint not null, note text);
-- [twin]
drop table if exists legacy;
-- [twin down]
create table legacy (id bigint constraint legacy_pkey primary key, note text);
create index legacy_note on legacy (note);
