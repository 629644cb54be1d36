CREATE SCHEMA old;
CREATE FUNCTION alike(boolean, boolean) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 = $2';
CREATE OPERATOR old.~~~ (FUNCTION = alike, LEFTARG = boolean, RIGHTARG = boolean, NEGATOR = OPERATOR(public.!~~~));
