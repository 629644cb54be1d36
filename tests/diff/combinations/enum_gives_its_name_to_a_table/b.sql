create table state (name text, rank int);
create table jobs (id int primary key, state text);
