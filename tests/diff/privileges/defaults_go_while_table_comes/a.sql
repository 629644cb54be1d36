alter default privileges grant select on tables to pr_app; create table t (id int);
