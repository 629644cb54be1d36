-- A comment is left.
-- found: back: column public.users.email changed: comment on column
-- [base]
create table users (id bigint primary key, email text);
-- [faulty]
comment on column users.email is 'lower case';
alter table users alter column email set default '';
-- [faulty down]
alter table users alter column email drop default;
-- [twin]
comment on column users.email is 'lower case';
alter table users alter column email set default '';
-- [twin down]
alter table users alter column email drop default;
comment on column users.email is null;
