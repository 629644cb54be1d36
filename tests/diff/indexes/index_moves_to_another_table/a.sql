create table t (a int); create table u (a int); create index i on t (a);
