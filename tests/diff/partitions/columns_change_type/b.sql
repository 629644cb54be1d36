create table p (a int, c varchar(20) default 'z', n bigint) partition by list (a); create table x partition of p for values in (1); create table y partition of p for values in (2) partition by list (a); create table y1 partition of y for values in (2);
create view v as select c, n from y1; create index p_c on p (c); create view w as select n from p;
alter table x alter c set default 'own';
