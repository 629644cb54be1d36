create table t (id int primary key, name text);
create function n(wanted int) returns text language sql begin atomic select name from t where id = wanted; end;
create function calls() returns text language sql return n(1);
create procedure put(i int) language sql begin atomic insert into t (id) values (i); delete from t where id = i; end;
