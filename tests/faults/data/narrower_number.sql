-- A counter is made too small for what it has counted.
-- run: verify 2 --with-data
-- found: data: line 1: 22003 smallint out of range
-- [base]
create table views (id bigint primary key, n bigint not null);
insert into views values (1, 40000000);
-- [faulty]
alter table views alter column n type smallint;
-- [twin]
alter table views alter column n type smallint using least(n, 32767);
