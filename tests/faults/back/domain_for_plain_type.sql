-- A column that was a domain comes back as the type below it.
-- found: back: column public.users.email changed
-- [base]
create domain email as text check (value like '%@%');
create table users (id bigint primary key, email email);
-- [faulty]
alter table users alter column email type varchar(320);
-- [faulty down]
alter table users alter column email type text;
-- [twin]
alter table users alter column email type varchar(320);
-- [twin down]
alter table users alter column email type email;
