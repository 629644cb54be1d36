create function e() returns event_trigger language plpgsql as $$ begin null; end $$;
create event trigger stays on ddl_command_end execute function e();
create event trigger other on ddl_command_start execute function e();
create event trigger gone on sql_drop execute function e();
