-- `copy` has no `on conflict`.
-- found: twice: line 1: 23505 duplicate key value violates unique constraint "currencies_pkey"
-- found: generated again: line 1: 23505 duplicate key value
-- [base]
create table currencies (code text primary key, digits int not null);
-- [faulty]
copy currencies (code, digits) from stdin;
eur	2
jpy	0
\.
-- [twin]
create temporary table wanted (code text, digits int) on commit drop;
copy wanted (code, digits) from stdin;
eur	2
jpy	0
\.
insert into currencies select * from wanted on conflict do nothing;
