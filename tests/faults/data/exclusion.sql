-- Bookings that overlap already.
-- run: verify 2 --with-data
-- found: data: line 2: 23P01 could not create exclusion constraint "no_overlap"
-- [base]
create table bookings (id bigint primary key, room int not null, during int4range not null);
insert into bookings values (1, 1, '[1,5)'), (2, 1, '[3,8)');
-- [faulty]
alter table bookings drop constraint if exists no_overlap;
alter table bookings add constraint no_overlap exclude using gist (during with &&) where (id < 3);
-- [twin]
alter table bookings drop constraint if exists no_overlap;
alter table bookings add constraint no_overlap exclude using gist (during with &&) where (id < 2);
