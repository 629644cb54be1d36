CREATE TYPE grade;
CREATE FUNCTION grade_in(cstring) RETURNS grade LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION grade_out(grade) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE grade (INPUT = grade_in, OUTPUT = grade_out, LIKE = integer, DEFAULT = '3');
COMMENT ON TYPE grade IS 'from one to six';
CREATE TYPE span;
CREATE FUNCTION span_canonical(span) RETURNS span LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
CREATE TYPE span AS RANGE (SUBTYPE = integer, CANONICAL = span_canonical);
CREATE TABLE pupils (id integer, mark grade, years span);
