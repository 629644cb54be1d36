create table item (n int, sum int);
alter table item add constraint item_sum check (sum > 0) not valid;
create table item_one () inherits (item);
