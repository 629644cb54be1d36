create type o as (l text); create type i as (o o, a int);
