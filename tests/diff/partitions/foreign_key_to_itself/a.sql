create table node (id int primary key, above int references node) partition by range (id);
create table node_low partition of node for values from (0) to (10);
create table node_high partition of node for values from (10) to (20) partition by range (id);
create table node_high_one partition of node_high for values from (10) to (15);
create table tree (id int primary key, above int references tree) partition by list (id);
create table tree_one partition of tree for values in (1);
