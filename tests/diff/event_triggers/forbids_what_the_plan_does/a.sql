create table gone (id int);
create table stays (id int);
