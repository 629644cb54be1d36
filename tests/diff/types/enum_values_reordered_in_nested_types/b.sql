create type e as enum ('c', 'a'); create domain d as e; create domain dd as d[]; create type c as (x e, y d, z e[]); create table t (id int primary key, a d, b dd, c c, cs c[], h int);
