create type e as enum ('a','b'); comment on type e is 'x'; revoke usage on type e from public; create table t(x e);
