-- purpose: lets a shadow database tell its client which objects each statement makes, changes and drops
-- params: none
-- since: 14
create schema if not exists dbctl;

create function dbctl.tell_changes() returns event_trigger language plpgsql set search_path = pg_catalog as $tell$
declare
  told jsonb;
begin
  if tg_event = 'sql_drop' then
    -- What belongs to a dropped object alone goes without saying: types of rows, defaults, members of extensions.
    select jsonb_agg(jsonb_build_array('DROP', object_type, object_identity, classid::bigint, objid::bigint, objsubid))
    into told
    from pg_event_trigger_dropped_objects()
    where not is_temporary
      and coalesce(schema_name, '') !~ '^pg_toast'
      and (
        original
        or normal and object_type <> 'rule'
        or object_type in ('index', 'policy', 'sequence', 'table', 'table constraint', 'trigger')
      );
  elsif tg_event = 'table_rewrite' then
    told := jsonb_build_array(jsonb_build_array(
      'REWRITE', 'table', '', 'pg_class'::regclass::oid::bigint, pg_event_trigger_table_rewrite_oid()::bigint, 0
    ));
  else
    select jsonb_agg(jsonb_build_array(command_tag, object_type, object_identity, classid::bigint, objid::bigint, objsubid))
    into told
    from pg_event_trigger_ddl_commands()
    where not in_extension
      and object_identity is not null
      and coalesce(schema_name, '') !~ '^pg_(toast|temp)';
  end if;
  if jsonb_array_length(told) > 0 then
    raise info 'dbctl changes: %', told;
  end if;
end
$tell$;

create event trigger dbctl_tell_changes on ddl_command_end execute function dbctl.tell_changes();

create event trigger dbctl_tell_drops on sql_drop execute function dbctl.tell_changes();

create event trigger dbctl_tell_rewrites on table_rewrite execute function dbctl.tell_changes();
