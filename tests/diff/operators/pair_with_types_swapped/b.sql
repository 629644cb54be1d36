create function il(integer, text) returns boolean language sql as 'select $1::text = $2'; create function li(text, integer) returns boolean language sql as 'select $1 = $2::text';
create operator +~ (function = il, leftarg = integer, rightarg = text, commutator = ~+);
create operator ~+ (function = li, leftarg = text, rightarg = integer, commutator = +~);
