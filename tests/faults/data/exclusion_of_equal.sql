-- An exclusion constraint that refuses equal dates.
-- run: verify 2 --with-data
-- found: data: line 2: 23P01 could not create exclusion constraint "one_a_day"
-- [base]
create table shifts (id bigint primary key, day date, note text check (note <> ''));
-- [faulty]
alter table shifts drop constraint if exists one_a_day;
alter table shifts add constraint one_a_day exclude using btree (day with =);
-- [twin]
delete from shifts later using shifts earlier where later.day = earlier.day and later.id > earlier.id;
alter table shifts drop constraint if exists one_a_day;
alter table shifts add constraint one_a_day exclude using btree (day with =);
