
create access method pile type table handler heap_tableam_handler;
