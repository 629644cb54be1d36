-- A text that only a check speaks of is taken for a key, in a table whose other numbers are made by the server.
-- run: verify 2 --with-data
-- found: data: line 1: 23505 could not create unique index "parts_code"
-- [base]
create table parts (
  id uuid not null default gen_random_uuid(), number serial, code varchar(12) not null check (length(code) > 3)
);
-- [faulty]
create unique index if not exists parts_code on parts (code);
-- [twin]
create unique index if not exists parts_id on parts (id);
create unique index if not exists parts_number on parts (number);
