create table item (n int, sum int);
create table item_one () inherits (item);
alter table item add constraint item_sum check (sum > 0) not valid;
create table part (n int, sum int);
create table part_one () inherits (part);
create table part_one_two () inherits (part_one);
alter table part add constraint part_sum check (sum > 0) not valid;
create table part_three () inherits (part);
