create function add(int, int) returns int language sql immutable as $$ select $1 + $2 $$;
create function addb(bigint, int) returns bigint language sql immutable as $$ select $1 + $2 $$;
create aggregate total(a int) (sfunc = addb, stype = bigint, initcond = '0');
create aggregate other(b int) (sfunc = add, stype = int, initcond = '0');
create view v as select total(n) as n from (values (1)) x (n);
comment on aggregate total(int) is 'sum';
