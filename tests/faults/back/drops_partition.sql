-- A table that was attached as a partition is dropped, not detached.
-- found: back: table public.logs_2024 missing
-- found: again: line 1: 42P01 relation "logs_2024" does not exist
-- [base]
create table logs (day date not null) partition by range (day);
create table logs_2024 (day date not null);
-- [faulty]
do $$ begin
  if not exists (select from pg_inherits where inhrelid = 'logs_2024'::regclass) then
    alter table logs attach partition logs_2024 for values from ('2024-01-01') to ('2025-01-01');
  end if;
end $$;
-- [faulty down]
drop table logs_2024;
-- [twin]
do $$ begin
  if not exists (select from pg_inherits where inhrelid = 'logs_2024'::regclass) then
    alter table logs attach partition logs_2024 for values from ('2024-01-01') to ('2025-01-01');
  end if;
end $$;
-- [twin down]
alter table logs detach partition logs_2024;
