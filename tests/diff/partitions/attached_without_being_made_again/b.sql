create table p (id int, at date, n int default 3) partition by range (at);
create table p1 partition of p for values from ('2024-01-01') to ('2025-01-01');
create table q (id int, at date, n int default 4);
alter table p add primary key (id, at); alter table q add constraint q_key primary key (id, at);
create index p_n on p (n); create index q_n on q (n);
alter table p attach partition q for values from ('2025-01-01') to ('2026-01-01');
