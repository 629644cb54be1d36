create type e as enum ('a','b'); create table t(x e default 'a', y e[]); insert into t values ('a','{a,b}');
