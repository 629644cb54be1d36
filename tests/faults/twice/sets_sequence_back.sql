-- A sequence is set back to its begin after its numbers are taken.
-- found: twice: rows of sequence public.accounts_id_seq: another value: 1 comes next, and not 2
-- [base]
create table accounts (id bigserial primary key, name text unique);
-- [faulty]
select setval('accounts_id_seq', 1, false);
insert into accounts (name) select 'first' where not exists (select from accounts where name = 'first');
-- [twin]
insert into accounts (name) values ('first') on conflict do nothing;
