create table day (at date not null, n int, part int) partition by list (part);
create table day_one partition of day for values in (1);
create table day_two partition of day for values in (2);
create index day_n on day (n);
