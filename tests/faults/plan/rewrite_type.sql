-- An integer key becomes a bigint: every row is written anew.
-- run: plan --local
-- found: line 1: rewrites public.events
-- [base]
create table events (id integer, note varchar(50));
-- [faulty]
alter table events alter column id type bigint;
-- [twin]
alter table events alter column note type varchar(100);
