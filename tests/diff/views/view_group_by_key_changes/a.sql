create table t(a int primary key, b text, c int);
create view v as select a, b, max(c) as m from t group by a;
comment on view v is 'v';
