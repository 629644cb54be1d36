-- A function empties the table; that is no rewrite, it is the loss of its rows.
-- run: plan --local
-- found: line 1: critical truncate:public.events
-- [base]
create table events (id integer primary key, note text);
create function clear(t regclass) returns void language plpgsql as $$
begin execute format('truncate %s', t); end $$;
create function show(t regclass) returns void language plpgsql as $$
begin perform format('truncate %s', t); end $$;
-- [faulty]
select clear('events');
-- [twin]
select show('events');
