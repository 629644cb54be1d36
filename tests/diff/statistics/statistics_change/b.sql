create table t (a bigint, b int);
create statistics s1 (mcv) on a, b from t; create statistics s2 (ndistinct) on a, b from t; alter statistics s2 set statistics 11;
comment on statistics s1 is 'kept'; create statistics s3 on a, b from t;
