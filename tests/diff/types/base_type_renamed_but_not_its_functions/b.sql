CREATE TYPE school_mark;
CREATE FUNCTION grade_in(cstring) RETURNS school_mark LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION grade_out(school_mark) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE school_mark (INPUT = grade_in, OUTPUT = grade_out, LIKE = integer);
CREATE TYPE report AS (subject text, mark school_mark);
CREATE TABLE pupils (id integer, mark school_mark);
