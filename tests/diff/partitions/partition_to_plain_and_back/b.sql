create table p (id int primary key, a int) partition by range (id);
create table p2 partition of p for values from (10) to (20);
create table p1 (id int primary key, a int);
create table q (id int primary key, a int) partition by range (id);
create index qa on q (a);
create table solo partition of p for values from (20) to (30);
