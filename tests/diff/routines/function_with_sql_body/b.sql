create table t (id bigint primary key, name varchar(20), more int);
create function n(wanted int) returns text language sql begin atomic select name || more from t where id = wanted; end;
create function calls() returns text language sql return n(2);
create procedure put(i int) language sql begin atomic insert into t (id, more) values (i, 1); end;
