create table t (id bigint primary key);
alter table t replica identity full;
