-- A column comes back with the collation of the database.
-- found: back: column public.words.word changed
-- [base]
create table words (id bigint primary key, word text collate "C");
-- [faulty]
alter table words drop column if exists word;
-- [faulty down]
alter table words add column word text;
-- [twin]
alter table words drop column if exists word;
-- [twin down]
alter table words add column word text collate "C";
