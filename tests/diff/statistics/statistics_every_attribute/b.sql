create table t (a int, b int, c text);
create schema s;
create statistics s1 on a, b from t;
create statistics s2 (ndistinct) on a, b, c from t;
create statistics s3 (dependencies, mcv) on a, (b + 1) from t;
create statistics s.s4 on (lower(c)) from t;
create statistics "S 5" (mcv) on a, b from t;
alter statistics s2 set statistics 400; alter statistics s3 set statistics 0;
comment on statistics s1 is 'both';
