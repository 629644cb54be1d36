create table p(id text primary key); create table c(p text references p); insert into p values ('1'); insert into c values ('1');
