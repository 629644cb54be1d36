create table part (n int, note text) partition by range (n);
create table part_low partition of part for values from (0) to (100);
create table part_high partition of part for values from (100) to (1000) partition by range (n);
create table part_high_one partition of part_high for values from (100) to (200);
create table part_rest partition of part default;
