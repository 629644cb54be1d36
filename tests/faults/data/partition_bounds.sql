-- A table with rows of other years is attached as the partition of one.
-- run: verify 2 --with-data
-- found: data: line 1: 23514 partition constraint of relation "logs_2024" is violated by some row
-- [base]
create table logs (day date not null) partition by range (day);
create table logs_2024 (day date not null);
-- [faulty]
do $$ begin
  if not exists (select from pg_inherits where inhrelid = 'logs_2024'::regclass) then
    alter table logs attach partition logs_2024 for values from ('1901-01-01') to ('1901-01-02');
  end if;
end $$;
-- [twin]
do $$ begin
  if not exists (select from pg_inherits where inhrelid = 'logs_2024'::regclass) then
    alter table logs attach partition logs_2024 for values from (minvalue) to (maxvalue);
  end if;
end $$;
