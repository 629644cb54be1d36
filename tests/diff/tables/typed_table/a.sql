create type ty as (x int, y text); create table made (x int, y text); create table freed of ty (x not null);
