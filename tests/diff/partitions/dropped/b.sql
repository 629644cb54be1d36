create table p (a int primary key) partition by list (a); create table y partition of p for values in (2); create table r (a int references p);
