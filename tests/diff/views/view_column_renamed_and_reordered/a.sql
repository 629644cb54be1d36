create table t (a int, b int, c text);
create view v as select a, b, c from t;
create view w as select a, b from v;
create materialized view m as select b from w; create index mi on m (b);
comment on column v.b is 'b'; grant select (b) on v to public;
