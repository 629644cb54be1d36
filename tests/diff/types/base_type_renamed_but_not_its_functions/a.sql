CREATE TYPE grade;
CREATE FUNCTION grade_in(cstring) RETURNS grade LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION grade_out(grade) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE grade (INPUT = grade_in, OUTPUT = grade_out, LIKE = integer);
CREATE TYPE report AS (subject text, mark grade);
CREATE TABLE pupils (id integer, mark grade);
