create language mine handler plpgsql_call_handler;
create function to_lang(internal) returns internal language internal immutable strict as 'array_in';
create table t (id int);
