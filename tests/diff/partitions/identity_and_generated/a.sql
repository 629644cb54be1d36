create table p (a int, g int generated always as (a + 1) stored) partition by list (a); create table x partition of p for values in (1);
