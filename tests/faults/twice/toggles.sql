-- A flag is turned over: the second run turns it back.
-- found: twice: rows of public.features: as many rows as before, with other values
-- [base]
create table features (name text primary key, enabled boolean not null);
insert into features values ('search', false), ('export', true);
-- [faulty]
update features set enabled = not enabled where name = 'search';
-- [twin]
update features set enabled = true where name = 'search';
