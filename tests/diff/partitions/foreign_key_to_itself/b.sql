create table tree (id text, note text) partition by list (id);
create table tree_one partition of tree for values in ('one');
create table tree_two partition of tree for values in ('two');
