-- The rewrite is done by a function of the project.
-- run: plan --local
-- found: line 1: rewrites public.events
-- [base]
create table events (id integer, note text);
create function widen(t regclass, c name) returns void language plpgsql as $$
begin execute format('alter table %s alter column %I type bigint', t, c); end $$;
create function hide(t regclass, c name) returns void language plpgsql as $$
begin execute format('alter table %s alter column %I set default 0', t, c); end $$;
-- [faulty]
select widen('events', 'id');
-- [twin]
select hide('events', 'id');
