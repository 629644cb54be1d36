create table o(id int, n text); comment on column o.id is 'kept'; grant select (id) on o to public;
create view v as select id from o;
create view p as select 1 as id;
create materialized view q as select 1 as id;
