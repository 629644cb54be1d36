create table bill (n int, sum int) partition by list (n);
create table bill_one partition of bill for values in (1);
