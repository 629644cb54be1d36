create table t (a int, b int, c text);
create statistics s1 on a, b from t; create statistics s2 (ndistinct) on a, b from t; alter statistics s2 set statistics 10;
create statistics s3 on a, c from t; alter statistics s3 set statistics 20; comment on statistics s1 is 'kept';
create table u (a int, b int); create statistics s4 on a, b from u;
