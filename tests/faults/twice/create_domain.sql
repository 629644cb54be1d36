-- A domain is made without a guard.
-- found: twice: line 1: 42710 type "positive" already exists
-- [base]
create table invoices (id bigint primary key, amount int);
-- [faulty]
create domain positive as int check (value > 0);
alter table invoices alter column amount type positive;
-- [twin]
do $$ begin
  if to_regtype('positive') is null then
    create domain positive as int check (value > 0);
  end if;
end $$;
alter table invoices alter column amount type positive;
