CREATE TRANSFORM FOR smallint LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int2recv(internal));
CREATE FUNCTION halved(n smallint) RETURNS smallint LANGUAGE sql TRANSFORM FOR TYPE smallint RETURN n / 2;
