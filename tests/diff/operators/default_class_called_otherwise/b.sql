CREATE TYPE shade AS ENUM ('light', 'dark');
CREATE OPERATOR CLASS ordered_shade DEFAULT FOR TYPE shade USING btree AS
  OPERATOR 1 <(anyenum, anyenum), OPERATOR 2 <=(anyenum, anyenum), OPERATOR 3 =(anyenum, anyenum),
  OPERATOR 4 >=(anyenum, anyenum), OPERATOR 5 >(anyenum, anyenum), FUNCTION 1 enum_cmp(anyenum, anyenum);
CREATE DEFAULT CONVERSION latin1_read FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
