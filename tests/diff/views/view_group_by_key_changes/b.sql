create table t(a int, b text, c int, constraint key primary key (a));
create view v as select a, b, max(c) as m from t group by a;
comment on view v is 'v';
