-- A conversion multiplies what it finds: the second run multiplies again.
-- found: twice: rows of public.orders: as many rows as before, with other values
-- [base]
create table orders (id bigint primary key, total bigint not null);
insert into orders values (1, 12);
-- [faulty]
alter table orders alter column total type bigint using total * 100;
-- [twin]
do $$ begin
  if not exists (select from information_schema.columns where table_name = 'orders' and column_name = 'total_cents') then
    alter table orders rename column total to total_cents;
    update orders set total_cents = total_cents * 100;
  end if;
end $$;
