create type e as enum ('a','b'); create table t(s e not null default 'a');
