-- A loop makes the part partition after those that are there, each time.
-- found: twice: table public.log_3 extra
-- [base]
create table log (n int not null) partition by list (n);
create table log_1 partition of log for values in (1);
-- [faulty]
do $$
declare part int := (select count(*) + 1 from pg_inherits where inhparent = 'log'::regclass);
begin
  execute format('create table log_%s partition of log for values in (%s)', part, part);
end $$;
-- [twin]
do $$ begin
  for part in 1 .. 2 loop
    execute format('create table if not exists log_%s partition of log for values in (%s)', part, part);
  end loop;
end $$;
