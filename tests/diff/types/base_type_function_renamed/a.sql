create type bt; create function bin(cstring) returns bt language internal immutable strict as 'int4in'; create function bout(bt) returns cstring language internal immutable strict as 'int4out';
create type bt (input = bin, output = bout, internallength = 4, passedbyvalue, alignment = int4);
create table t (id int primary key, x bt); insert into t values (1, '7');
