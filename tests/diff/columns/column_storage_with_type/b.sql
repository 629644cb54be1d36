create table t(a varchar(9), b text[], c jsonb, d numeric); alter table t alter b set storage external, alter c set storage main;
