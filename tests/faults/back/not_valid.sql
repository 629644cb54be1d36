-- A check comes back `not valid`: old rows are never looked at.
-- found: back: constraint positive on public.orders changed
-- [base]
create table orders (id bigint primary key, total int constraint positive check (total > 0));
-- [faulty]
alter table orders drop constraint if exists positive;
-- [faulty down]
alter table orders add constraint positive check (total > 0) not valid;
-- [twin]
alter table orders drop constraint if exists positive;
-- [twin down]
alter table orders add constraint positive check (total > 0) not valid;
alter table orders validate constraint positive;
