create table t (id int primary key, a text, b int); create publication q for table t (id, a); create publication r for table t where (id > 3);
