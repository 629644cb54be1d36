create table p (id int not null, k text not null, constraint p_pk primary key (id), constraint p_k unique (k));
create table c (id int references p, k text references p (k));
create view v as select p.id, k, count(*) from p group by p.id;
