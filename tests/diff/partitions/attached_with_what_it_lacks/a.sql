create table p (id int not null, at date, n int default 3, constraint c check (n > 0)) partition by range (at);
alter table p add primary key (id, at); create index p_n on p (n);
create table q (id int, at date, extra text);
create view v as select extra from q;
