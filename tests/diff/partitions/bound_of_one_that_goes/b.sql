create table part (n int, note text) partition by range (n);
create table part_low partition of part for values from (0) to (250);
create table part_new partition of part for values from (250) to (2000);
create table part_other partition of part default;
