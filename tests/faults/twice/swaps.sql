-- Two columns change places, each time.
-- found: twice: rows of public.spans: as many rows as before, with other values
-- [base]
create table spans (id bigint primary key, low int not null, high int not null);
insert into spans values (1, 9, 3), (2, 8, 2);
-- [faulty]
update spans set low = high, high = low;
-- [twin]
update spans set low = high, high = low where low > high;
