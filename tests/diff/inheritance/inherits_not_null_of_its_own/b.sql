create table over (n int not null, note text);
create table a_child (n int not null) inherits (over);
create table parted (n int not null, note text) partition by list (n);
create table a_part partition of parted for values in (1);
