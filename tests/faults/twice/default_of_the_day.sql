-- A default is computed when the migration runs.
-- found: twice: default of public.orders.batch changed
-- found: generated again: default of public.orders.batch changed
-- [base]
create table orders (id bigint primary key, batch text);
-- [faulty]
do $$ begin
  execute format('alter table orders alter column batch set default %L', clock_timestamp()::text);
end $$;
-- [twin]
alter table orders alter column batch set default clock_timestamp()::text;
