create table p (a int, b int, c int, primary key (a, b), unique (c));
create table t (id int, a int, b int default 0, c int, d int,
 constraint f1 foreign key (a, b) references p on delete set default (b) on update restrict,
 constraint f2 foreign key (c) references p (c) deferrable,
 constraint f3 foreign key (a, b) references p match simple,
 constraint u1 unique (a, c) include (d), constraint u2 unique (d), constraint u3 unique (b) deferrable initially deferred,
 constraint c1 check (d > 0), constraint c2 check (d > 1) no inherit);
alter table t add constraint c3 check (d > 2);
alter table t add constraint f4 foreign key (d) references p (c);
comment on constraint f1 on t is 'f1'; comment on constraint u1 on t is 'u1';
