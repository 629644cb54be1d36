create table p (a int, g int generated always as (a + 2) stored, i int generated always as identity) partition by list (a); create table x partition of p for values in (1);
