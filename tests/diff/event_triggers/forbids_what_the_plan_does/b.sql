create table stays (id int, a int);
create table fresh (id int);
create index on stays (a);
create function no() returns event_trigger language plpgsql as $$ begin raise exception 'no more'; end $$;
create event trigger drops on sql_drop execute function no();
create event trigger ends on ddl_command_end when tag in ('CREATE TABLE', 'CREATE INDEX', 'ALTER TABLE', 'DROP TABLE') execute function no();
