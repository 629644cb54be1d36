create function same(integer, integer) returns boolean language sql immutable as 'select $1 = $2';
create function same2(integer, integer) returns boolean language sql immutable as 'select $2 = $1';
create function other(integer, integer) returns boolean language sql immutable as 'select $1 <> $2';

create operator ~== (function = same, leftarg = integer, rightarg = integer, commutator = ~==, negator = ~<>, hashes, merges);
create operator ~<> (function = other, leftarg = integer, rightarg = integer, commutator = ~<>, negator = ~==);
comment on operator ~<> (integer, integer) is 'not the same';
