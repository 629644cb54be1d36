CREATE SCHEMA old;
CREATE FUNCTION alike(boolean, boolean) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 = $2';
CREATE OPERATOR public.~~~ (FUNCTION = alike, LEFTARG = boolean, RIGHTARG = boolean, NEGATOR = OPERATOR(public.!~~~));
