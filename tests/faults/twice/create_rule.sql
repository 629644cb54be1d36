-- A rule is made without `or replace`.
-- found: twice: line 1: 42710 rule "no_delete" for relation "ledger" already exists
-- [base]
create table ledger (id bigint primary key);
-- [faulty]
create rule no_delete as on delete to ledger do instead nothing;
-- [twin]
create or replace rule no_delete as on delete to ledger do instead nothing;
