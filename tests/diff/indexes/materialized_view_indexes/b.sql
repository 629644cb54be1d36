create table t (a int, b int);
create materialized view m as select a, b from t;
create unique index m_a on m (a, b);
create index m_b on m (b) with (fillfactor = 60);
create index m_e on m ((a + b));
alter index m_e alter column 1 set statistics 50;
