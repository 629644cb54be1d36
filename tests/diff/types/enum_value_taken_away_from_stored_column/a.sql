create type mood as enum ('a','b','c'); create table t(id int primary key, m mood not null default 'a', l mood[] default '{a,c}', check (m <> 'c')); create index on t(m); create index t_p on t(id) where m = 'a';
insert into t values (1,'a','{a,c}');
