create table t(a int, b int);
create materialized view m as select a from t with no data;
create view v as select a from m; comment on column v.a is 'x'; grant select (a) on v to public;
create materialized view n as select a from v with no data;
