create type pair as (x bigint, z text);
create domain pairs as pair;
create domain small as int not null check (value < 10);
create type holder as (s int);
create table t (a text, d int);
