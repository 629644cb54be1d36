-- `not null` stays.
-- found: back: column public.users.email changed
-- [base]
create table users (id bigint primary key, email text);
-- [faulty]
alter table users alter column email set not null, alter column email set default '';
-- [faulty down]
alter table users alter column email drop default;
-- [twin]
alter table users alter column email set not null, alter column email set default '';
-- [twin down]
alter table users alter column email drop default, alter column email drop not null;
