create table p(id bigint primary key); create table c(p bigint references p);
