
create domain d as integer;
create operator class oc for type integer using btree as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(integer, integer), function 2 btint4sortsupport(internal);
comment on operator class oc using btree is 'of its own';
comment on operator family oc using btree is 'of its own too';
