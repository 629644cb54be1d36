-- A partial unique index comes back whole: soft-deleted addresses are taken forever.
-- found: back: index public.users_email_key changed
-- [base]
create table users (id bigint primary key, email text, deleted_at timestamptz);
create unique index users_email_key on users (email) where deleted_at is null;
-- [faulty]
drop index if exists users_email_key;
-- [faulty down]
create unique index users_email_key on users (email);
-- [twin]
drop index if exists users_email_key;
-- [twin down]
create unique index users_email_key on users (email) where deleted_at is null;
