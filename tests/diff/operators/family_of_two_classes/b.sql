
create operator family f using btree;
create operator class a for type integer using btree family f as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(integer, integer);
create operator class b for type bigint using btree family f as operator 1 <(bigint, bigint), operator 2 <=(bigint, bigint), operator 3 =(bigint, bigint), operator 4 >=(bigint, bigint), operator 5 >(bigint, bigint), function 1 btint8cmp(bigint, bigint);
alter operator family f using btree add operator 1 <(integer, bigint), function 1 (integer, bigint) btint48cmp(integer, bigint);
