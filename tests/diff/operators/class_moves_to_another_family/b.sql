
create operator family f using btree;
create operator family g using btree;
create operator class oc for type integer using btree family g as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(integer, integer);
