-- The rewrite stands in a DO block.
-- run: plan --local
-- found: line 1: rewrites public.events
-- [base]
create table events (id integer, note text);
-- [faulty]
do $$ begin
  execute 'alter table events alter column id type bigint';
end $$;
-- [twin]
do $$ begin
  execute 'alter table events add column more text';
end $$;
