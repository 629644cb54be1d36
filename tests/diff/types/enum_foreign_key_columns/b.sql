create type e as enum ('a'); create table p(x e primary key); create table c(x e references p);
