-- A comment is put together from the comment that is there.
-- found: twice: table public.orders changed: comment on table
-- [base]
create table orders (id bigint primary key);
comment on table orders is 'orders of the shop';
-- [faulty]
do $$ begin
  execute format('comment on table orders is %L', obj_description('orders'::regclass) || ' (owner: billing)');
end $$;
-- [twin]
do $$ begin
  execute format('comment on table orders is %L', split_part(obj_description('orders'::regclass), ' (', 1) || ' (owner: billing)');
end $$;
