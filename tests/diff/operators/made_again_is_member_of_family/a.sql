create function lt1(integer, bigint) returns boolean language sql immutable as 'select $1 < $2'; create function lt2(integer, bigint) returns boolean language sql immutable as 'select $2 > $1';
create operator ~< (function = lt1, leftarg = integer, rightarg = bigint);
create operator family f using btree;
alter operator family f using btree add operator 1 ~<(integer, bigint);
