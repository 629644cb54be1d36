create type e as enum ('a'); create domain d as e default 'a'; create type c as (x e, y d, z int); comment on column c.x is 'hey'; create table t(d d, c c, cs c[], r text);
