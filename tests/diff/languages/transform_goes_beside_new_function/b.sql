CREATE FUNCTION doubled(n smallint) RETURNS smallint LANGUAGE sql RETURN n * 2;
CREATE FUNCTION halved(n smallint) RETURNS smallint LANGUAGE sql RETURN n / 2;
