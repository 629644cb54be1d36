create table p (a int, b int, c int, primary key (a, b), unique (c));
create table t (id int, a int, b int default 0, c int, d int,
 constraint f1 foreign key (a, b) references p on delete set null (a) on update cascade,
 constraint f2 foreign key (c) references p (c) deferrable initially deferred,
 constraint f3 foreign key (a, b) references p match full,
 constraint u1 unique (a, c), constraint u2 unique nulls not distinct (d), constraint u3 unique (b) deferrable,
 constraint c1 check (d > 0) no inherit, constraint c2 check (d > 1));
alter table t add constraint c3 check (d > 2) not valid;
alter table t add constraint f4 foreign key (d) references p (c) not valid;
comment on constraint f1 on t is 'f1'; comment on constraint u1 on t is 'u1';
