create table u (id int); create table v (id int); grant select on v to pr_app; create table t (id int); grant select on t to pr_app;
