create table t (a int, b int); grant select, insert on t to pr_app with grant option; grant update on t to pr_app; grant references (a) on t to public;
