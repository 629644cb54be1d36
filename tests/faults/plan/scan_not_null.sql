-- `set not null` reads the table under a lock that nobody passes, but for columns with a check that says so.
-- run: plan --local
-- found: line 1: scans public.users
-- found: line 1: may fail
-- [base]
create table users (a text, b text, constraint b_there check (b is not null));
-- [faulty]
alter table users alter column a set not null;
-- [twin]
alter table users alter column b set not null;
