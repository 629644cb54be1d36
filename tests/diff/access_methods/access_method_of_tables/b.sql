
create access method pile type table handler heap_tableam_handler;
create table t (a integer) using pile;
