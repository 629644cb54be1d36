create table t (id bigint primary key);
alter table t cluster on t_pkey;
