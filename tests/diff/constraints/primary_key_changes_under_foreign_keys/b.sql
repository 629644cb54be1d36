create table p (id int not null, k text not null, constraint p_pkey primary key (k), constraint p_i unique (id));
create table c (id int references p (id), k text references p (k));
create view v as select p.id, k, count(*) from p group by p.k, p.id;
