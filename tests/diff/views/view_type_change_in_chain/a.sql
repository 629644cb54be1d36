create table t(a int primary key, b int not null);
create view v as select a, b from t;
create materialized view m as select a, sum(b) as s from v group by a;
create view w as select m.s from m;
comment on materialized view m is 'sums'; comment on column m.s is 's'; grant select on m to public; grant select (s) on m to public;
comment on view w is 'w';
create rule r as on insert to v do instead insert into t values (new.a, new.b);
