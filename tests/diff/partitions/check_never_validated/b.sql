create table bill (n int, sum int) partition by list (n);
create table bill_one partition of bill for values in (1);
create table bill_two partition of bill for values in (2) partition by list (sum);
create table bill_two_three partition of bill_two for values in (3);
alter table bill add constraint bill_sum check (sum > 0) not valid;
create table bill_four partition of bill for values in (4);
