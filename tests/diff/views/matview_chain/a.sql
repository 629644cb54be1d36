create table t (a int, b text);
create materialized view m1 as select a, b from t with no data;
create materialized view m2 as select a, count(*) n from t group by a;
create materialized view m3 as select * from m2;
create unique index m3u on m3 (a); alter materialized view m3 cluster on m3u;
alter materialized view m2 alter column n set statistics 5;
comment on materialized view m3 is 'm3'; grant select on m3 to public; comment on column m3.n is 'n';
create view v as select * from m3;
