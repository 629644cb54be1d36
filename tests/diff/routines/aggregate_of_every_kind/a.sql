create function add(int, int) returns int language sql immutable as $$ select coalesce($1, 0) + $2 $$;
create aggregate total(int) (sfunc = add, stype = int);
create view v as select total(n) from (values (1)) x (n);
