create table t(a int, b text, c int, d text);
create view v as select a, b, d from t where c > 0;
create view w as select a from v;
comment on view v is 'kept'; comment on column v.a is 'kept too'; comment on column v.d is 'new';
grant select on v to public; grant update (a) on v to public; grant select (d) on v to public;
