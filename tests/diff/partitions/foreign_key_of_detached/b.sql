create table o (id int primary key); create table p (a int, o_id int, constraint fk foreign key (o_id) references o) partition by list (a); create table x (a int, o_id int);
