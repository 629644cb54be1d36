create table t (id text not null, u uuid, a int);
