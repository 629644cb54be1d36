create extension hstore; create table t (id int, h hstore);
