-- Rows are put in again where no key forbids it.
-- found: twice: rows of public.countries: 2 rows more than before
-- [base]
create table countries (code text not null, name text not null);
-- [faulty]
insert into countries values ('de', 'Germany'), ('fr', 'France');
-- [twin]
insert into countries
select * from (values ('de', 'Germany'), ('fr', 'France')) as wanted (code, name)
where not exists (select from countries there where there.code = wanted.code);
