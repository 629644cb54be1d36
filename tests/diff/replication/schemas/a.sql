create schema s; create schema gone; create table s.t (id int); create publication p for tables in schema s, gone; create publication q for table s.t, tables in schema s;
