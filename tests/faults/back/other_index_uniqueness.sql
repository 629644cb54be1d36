-- A unique index comes back as a plain one.
-- found: back: index public.users_handle changed
-- [base]
create table users (id bigint primary key, handle text);
create unique index users_handle on users (lower(handle));
-- [faulty]
drop index if exists users_handle;
-- [faulty down]
create index users_handle on users (lower(handle));
-- [twin]
drop index if exists users_handle;
-- [twin down]
create unique index users_handle on users (lower(handle));
