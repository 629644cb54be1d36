-- Every run gives every row another value.
-- found: twice: rows of public.users: as many rows as before, with other values
-- [base]
create table users (id bigint primary key, token text);
insert into users values (1, null), (2, 'kept');
-- [faulty]
update users set token = md5(random()::text);
-- [twin]
update users set token = md5(random()::text) where token is null;
