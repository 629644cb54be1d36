create function same(integer, integer) returns boolean language sql immutable as 'select $1 = $2';
create function same2(integer, integer) returns boolean language sql immutable as 'select $2 = $1';
create function other(integer, integer) returns boolean language sql immutable as 'select $1 <> $2';

create operator ~== (function = same, leftarg = integer, rightarg = integer, commutator = ~==, hashes, merges);
