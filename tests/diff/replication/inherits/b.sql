create table t (id int); create table c () inherits (t); create publication p for table t;
