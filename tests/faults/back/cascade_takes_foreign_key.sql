-- The key is dropped with `cascade`, and the foreign key that used it does not come back.
-- found: back: constraint orders_code_fkey on public.orders missing
-- [base]
create table goods (id bigint primary key, code text constraint goods_code_key unique);
create table orders (id bigint primary key, code text constraint orders_code_fkey references goods (code));
-- [faulty]
alter table goods drop constraint if exists goods_code_key cascade;
-- [faulty down]
alter table goods add constraint goods_code_key unique (code);
-- [twin]
alter table goods drop constraint if exists goods_code_key cascade;
-- [twin down]
alter table goods add constraint goods_code_key unique (code);
alter table orders add constraint orders_code_fkey foreign key (code) references goods (code);
