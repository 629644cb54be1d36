create function same(integer, integer) returns boolean language sql immutable as 'select $1 = $2';
create function same2(integer, integer) returns boolean language sql immutable as 'select $2 = $1';
create function other(integer, integer) returns boolean language sql immutable as 'select $1 <> $2';

create operator ~== (function = same2, leftarg = integer, rightarg = integer);
create table t (a integer check (a ~== a));
