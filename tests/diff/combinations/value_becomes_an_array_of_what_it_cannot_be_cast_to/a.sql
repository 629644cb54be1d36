create type e as enum ('1', '2');
create domain list as e[];
create table t (a int, b int, c timestamptz);
