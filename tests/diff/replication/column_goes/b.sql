create table t (id bigint primary key, b int); create publication q for table t (id, b); create publication r for table t where (id > 3);
