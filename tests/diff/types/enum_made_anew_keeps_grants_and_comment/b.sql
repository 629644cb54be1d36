create type e as enum ('b'); comment on type e is 'x'; revoke usage on type e from public; create table t(x e);
