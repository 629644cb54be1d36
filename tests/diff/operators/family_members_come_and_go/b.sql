
create operator family f using btree;
alter operator family f using btree add operator 1 <(integer, smallint), operator 3 =(integer, bigint), function 1 (integer, bigint) btint48cmp(integer, bigint);
