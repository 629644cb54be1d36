-- A foreign key without a name is added once more, and checks each row twice from then on.
-- found: twice: constraint orders_customer_id_fkey1 on public.orders extra
-- [base]
create table customers (id bigint primary key);
create table orders (id bigint primary key, customer_id bigint);
-- [faulty]
alter table orders add foreign key (customer_id) references customers;
-- [twin]
do $$ begin
  if not exists (select from pg_constraint where conname = 'orders_customer_id_fkey') then
    alter table orders add constraint orders_customer_id_fkey foreign key (customer_id) references customers;
  end if;
end $$;
