create table t(id int, up int);
create recursive view r(id, up) as select id, up from t union all select t.id, t.up from t join r on r.id = t.up;
