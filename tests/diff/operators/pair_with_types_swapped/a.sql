create function il(integer, text) returns boolean language sql as 'select $1::text = $2'; create function li(text, integer) returns boolean language sql as 'select $1 = $2::text';

