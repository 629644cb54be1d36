
create operator family f using hash;
create operator class h for type integer using hash family f as operator 1 =, function 1 hashint4(integer);
alter operator family f using hash add function 2 hashint4extended(integer, bigint);
