
create operator ~< (function = int4lt, leftarg = integer, rightarg = integer);
create operator family f using btree;
alter operator family f using btree add operator 1 ~<(integer, integer);
