create table t(a int, b text, c int);
create view v as select a from t;
create view w as select a from v;
comment on view v is 'kept'; comment on column v.a is 'kept too';
grant select on v to public; grant update (a) on v to public;
