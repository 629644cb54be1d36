-- A dropped column comes back nullable.
-- found: back: column public.orders.placed changed
-- [base]
create table orders (id bigint primary key, placed timestamptz not null default now());
-- [faulty]
alter table orders drop column if exists placed;
-- [faulty down]
alter table orders add column placed timestamptz default now();
-- [twin]
alter table orders drop column if exists placed;
-- [twin down]
alter table orders add column placed timestamptz not null default now();
