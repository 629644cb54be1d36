create table t (a int, z int, b int, y int not null default 1);
