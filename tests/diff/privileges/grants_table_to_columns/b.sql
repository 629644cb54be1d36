create table t (a int, b int, c int); grant select (a), update (b) on t to pr_app; grant select (c) on t to pr_owner with grant option; grant select on t to pr_owner;
