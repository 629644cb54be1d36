-- Rows with a key are put in without `on conflict`.
-- found: twice: line 1: 23505 duplicate key value violates unique constraint "countries_pkey"
-- found: generated again: line 1: 23505 duplicate key value
-- [base]
create table countries (code text primary key, name text not null);
-- [faulty]
insert into countries values ('de', 'Germany'), ('fr', 'France');
-- [twin]
insert into countries values ('de', 'Germany'), ('fr', 'France') on conflict do nothing;
