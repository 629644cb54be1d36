-- A value of an enum is renamed without looking.
-- found: twice: line 1: 22023 "cancelled" is not an existing enum label
-- [base]
create type state as enum ('open', 'cancelled');
create table orders (id bigint primary key, state state not null);
-- [faulty]
alter type state rename value 'cancelled' to 'canceled';
-- [twin]
do $$ begin
  if exists (select from pg_enum where enumtypid = 'state'::regtype and enumlabel = 'cancelled') then
    alter type state rename value 'cancelled' to 'canceled';
  end if;
end $$;
