create type pair as (x int, y int);
create domain pairs as pair;
create domain small as int;
create type holder as (s small);
create table t (a pair, b pairs, c holder, d int);
create table gone (a pairs);
