-- Logging is turned off: the table is copied.
-- run: plan --local
-- found: line 1: rewrites public.cache
-- [base]
create table cache (key text, value text);
-- [faulty]
alter table cache set unlogged;
-- [twin]
alter table cache set (fillfactor = 70);
