create table t (a int);
create materialized view v as select a from t;
create function f() returns bigint language sql begin atomic select count(*) + 1 from v; end;
create procedure p() language sql begin atomic select count(*) from v; end;
