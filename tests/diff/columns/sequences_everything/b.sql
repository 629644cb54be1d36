create sequence s1 cache 5 no cycle; create sequence s2 as int increment -2 minvalue -50 maxvalue 100 start 50; create sequence s3 as int start 7; create sequence s4;
create table t (id int default nextval('s1'), a int default nextval('s3'), b int, c int, d serial);
alter sequence s1 owned by t.id; alter sequence s4 owned by t.b;
comment on sequence s1 is 's11'; grant usage on sequence s2 to public;
create view v as select last_value from s3;
