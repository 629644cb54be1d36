create table p (id int primary key, a int) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create table p2 partition of p for values from (10) to (20);
create table q (id int primary key, a int);
create index qa on q (a);
insert into p values (1,1),(11,2); insert into q values (5,5);
create table solo (id int not null, a int);
insert into solo values (25, 1),(26,2),(27,3);
