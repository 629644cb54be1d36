create extension ltree; create table t (id int, l ltree); comment on extension ltree is 'paths';
