-- The way back deletes rows of a lookup table, and the foreign key deletes the rows that used them.
-- run: verify 2 --with-data
-- found: data: rows of public.
-- [base]
create table plans (id bigint primary key, name text);
create table subscriptions (id bigint primary key, plan_id bigint not null references plans on delete cascade);
-- [faulty]
insert into plans values (-1, 'trial') on conflict do nothing;
-- [faulty down]
delete from plans where id > -2;
-- [twin]
insert into plans values (-1, 'trial') on conflict do nothing;
-- [twin down]
delete from plans where id = -1;
