create table o(id int, n text);
create view v as select id from o;
