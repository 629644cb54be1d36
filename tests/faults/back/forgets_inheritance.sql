-- A partition stays attached.
-- found: back: inheritance public.readings_old from public.readings extra
-- [base]
create table readings (day date not null) partition by range (day);
create table readings_old (day date not null);
-- [faulty]
do $$ begin
  if not exists (select from pg_inherits where inhrelid = 'readings_old'::regclass) then
    alter table readings attach partition readings_old for values from (minvalue) to ('2020-01-01');
  end if;
end $$;
create table if not exists readings_new partition of readings for values from ('2020-01-01') to (maxvalue);
-- [faulty down]
drop table readings_new;
-- [twin]
do $$ begin
  if not exists (select from pg_inherits where inhrelid = 'readings_old'::regclass) then
    alter table readings attach partition readings_old for values from (minvalue) to ('2020-01-01');
  end if;
end $$;
create table if not exists readings_new partition of readings for values from ('2020-01-01') to (maxvalue);
-- [twin down]
drop table readings_new;
alter table readings detach partition readings_old;
