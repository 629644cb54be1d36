
create operator class h for type integer using hash as operator 1 =, function 1 hashint4(integer), function 2 hashint4extended(integer, bigint);
