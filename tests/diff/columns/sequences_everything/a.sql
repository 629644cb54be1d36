create sequence s1; create sequence s2 as smallint increment 2 cycle; create sequence s3 owned by none; create sequence s4;
create table t (id int default nextval('s1'), a int default nextval('s2'), b int, c serial, d bigserial);
alter sequence s3 owned by t.b; alter sequence s4 minvalue 5 start 5 restart 5;
comment on sequence s1 is 's1'; grant select on sequence s2 to public;
create view v as select last_value from s3;
