create table t (a int, b int, c text, primary key (a));
alter table t enable row level security;
