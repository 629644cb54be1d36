-- A table is emptied and filled again, and its identity goes on counting.
-- found: twice: rows of public.plans: as many rows as before, with other values
-- [base]
create table plans (id int generated always as identity primary key, name text not null);
-- [faulty]
truncate plans;
insert into plans (name) values ('free'), ('team');
-- [twin]
truncate plans restart identity;
insert into plans (name) values ('free'), ('team');
