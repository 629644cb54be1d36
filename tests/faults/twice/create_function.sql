-- A function is made without `or replace`.
-- found: twice: line 1: 42723 function "full_name" already exists with same argument types
-- [base]
create table people (first text, last text);
-- [faulty]
create function full_name(people) returns text language sql stable as $$ select $1.first || ' ' || $1.last $$;
-- [twin]
create or replace function full_name(people) returns text language sql stable as $$ select $1.first || ' ' || $1.last $$;
