create type bt; create function bin2(cstring) returns bt language internal immutable strict as 'int4in'; create function bout(bt) returns cstring language internal immutable strict as 'int4out';
create type bt (input = bin2, output = bout, internallength = 4, passedbyvalue, alignment = int4);
create table t (id int primary key, x bt);
