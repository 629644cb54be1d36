-- A unique constraint builds its index under ACCESS EXCLUSIVE, unless it is there.
-- run: plan --local
-- found: line 1: scans public.users
-- found: line 1: may fail
-- [base]
create table users (email text);
create unique index users_email_key on users (email);
-- [faulty]
alter table users add constraint one_email unique (email);
-- [twin]
alter table users add constraint users_email_key unique using index users_email_key;
