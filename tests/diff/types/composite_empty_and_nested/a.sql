create type z as (); create type i as (a int); create type o as (i i, l i[]);
