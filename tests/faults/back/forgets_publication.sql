-- A table stays in a publication.
-- found: back: publication changes for table public.refunds extra
-- [base]
create table orders (id bigint primary key);
create table refunds (id bigint primary key);
create publication changes for table orders;
-- [faulty]
alter publication changes set table orders, refunds;
alter table refunds add column if not exists why text;
-- [faulty down]
alter table refunds drop column why;
-- [twin]
alter publication changes set table orders, refunds;
alter table refunds add column if not exists why text;
-- [twin down]
alter table refunds drop column why;
alter publication changes drop table refunds;
