
create operator class oc for type integer using btree as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(integer, integer), function 4 btequalimage(oid);
create table t (a integer, exclude using btree (a oc with =));
