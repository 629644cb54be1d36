create table a (id bigint, n text default 'n', o text not null, added int default 4, constraint ck check (id > 0)); create table c (own int) inherits (a); create table d () inherits (c); create view v as select id from d; alter table only c alter added set default 6; alter table only d alter n drop default;
create table k (gone int) inherits (a);
