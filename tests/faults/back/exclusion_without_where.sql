-- An exclusion constraint forgets that cancelled bookings do not count.
-- found: back: constraint no_overlap on public.bookings changed
-- [base]
create table bookings (during tsrange, cancelled boolean,
  constraint no_overlap exclude using gist (during with &&) where (not cancelled));
-- [faulty]
alter table bookings drop constraint if exists no_overlap;
-- [faulty down]
alter table bookings add constraint no_overlap exclude using gist (during with &&);
-- [twin]
alter table bookings drop constraint if exists no_overlap;
-- [twin down]
alter table bookings add constraint no_overlap exclude using gist (during with &&) where (not cancelled);
