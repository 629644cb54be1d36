create view o as select 1 as id, 'x'::text as n; comment on column o.id is 'kept'; grant select (id) on o to public;
create view v as select id from o;
create materialized view p as select 1 as id;
create view q as select 1 as id;
