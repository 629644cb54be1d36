create type e as enum ('a','b'); create table p(x e primary key); create table c(x e references p); insert into p values ('a'); insert into c values ('a');
