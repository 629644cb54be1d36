create table p (id int not null, at date, n int default 3, constraint c check (n > 0)) partition by range (at);
alter table p add primary key (id, at); create index p_n on p (n);
create table q partition of p for values from ('2025-01-01') to ('2026-01-01');
