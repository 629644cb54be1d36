-- An expression in `using` rewrites where the types alone would not.
-- run: plan --local
-- found: line 1: rewrites public.notes
-- [base]
create table notes (id bigint, body varchar(100));
-- [faulty]
alter table notes alter column body type text using trim(body);
-- [twin]
alter table notes alter column body type text;
