-- A unique constraint comes back as an index: `on conflict on constraint` fails from then on.
-- found: back: constraint users_email_key on public.users missing
-- found: back: index public.users_email_key extra
-- [base]
create table users (id bigint primary key, email text constraint users_email_key unique);
-- [faulty]
alter table users drop constraint if exists users_email_key;
-- [faulty down]
create unique index users_email_key on users (email);
-- [twin]
alter table users drop constraint if exists users_email_key;
-- [twin down]
alter table users add constraint users_email_key unique (email);
