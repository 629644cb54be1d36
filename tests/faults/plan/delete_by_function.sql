-- A function takes away rows: there are none on the shadow, and of those of the target nobody can tell.
-- run: plan --local
-- found: line 1: high write:public.events
-- [base]
create table events (id integer primary key, note text);
create function clear(t regclass) returns void language plpgsql as $$
begin execute format('delete from %s where id = 10', t); end $$;
create function show(t regclass) returns void language plpgsql as $$
begin perform format('delete from %s', t); end $$;
-- [faulty]
select clear('events');
-- [twin]
select show('events');
