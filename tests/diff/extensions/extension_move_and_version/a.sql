create schema ext; create extension citext; create extension pg_trgm version '1.3'; create extension hstore; create table t (c citext);
