create table t (a int, b int);
create materialized view m as select a, b from t;
create unique index m_a on m (a);
create index m_b on m (b) with (fillfactor = 50);
