create table t (a int, b int, c text);
create view v as select c, b as bb, a from t;
create view w as select a, bb as b from v;
create materialized view m as select b from w; create index mi on m (b);
comment on column v.bb is 'b'; grant select (bb) on v to public;
