-- A data change counts up from what is there.
-- found: twice: rows of public.accounts: as many rows as before, with other values
-- [base]
create table accounts (id bigint primary key, credits int not null);
insert into accounts values (1, 10), (2, 20);
-- [faulty]
update accounts set credits = credits + 100;
-- [twin]
update accounts set credits = 100 where credits < 100;
