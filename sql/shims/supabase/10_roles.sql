-- purpose: the roles of a hosted Supabase project, with their attributes, memberships and timeouts
-- source: https://supabase.com/docs/guides/database/postgres/roles
-- source: https://supabase.com/docs/guides/database/postgres/timeouts

-- Roles belong to the whole cluster: a role that is there already is left as it is, so this file
-- can run for every new database, and beside another session that runs it at the same moment.
-- No role gets a password. `postgres` is no superuser on a hosted project, but is one locally: what
-- needs rights that only a superuser has passes here and fails there.
do $$
declare
  role record;
  membership record;
  setting text;
begin
  for role in
    select * from (values
      ('postgres', 'nologin createdb createrole replication bypassrls', null),
      ('anon', 'nologin noinherit', array['statement_timeout = ''3s''']),
      ('authenticated', 'nologin noinherit', array['statement_timeout = ''8s''']),
      ('service_role', 'nologin noinherit bypassrls', null),
      ('authenticator', 'login noinherit', array['statement_timeout = ''8s''', 'lock_timeout = ''8s''']),
      ('supabase_admin', 'login superuser createdb createrole replication bypassrls',
        array['search_path = "$user", public, auth, extensions']),
      ('supabase_auth_admin', 'login noinherit createrole',
        array['search_path = auth', 'idle_in_transaction_session_timeout = ''60s''']),
      ('supabase_storage_admin', 'login noinherit createrole', array['search_path = storage']),
      ('supabase_realtime_admin', 'nologin noinherit', null),
      ('supabase_functions_admin', 'login noinherit createrole', array['search_path = supabase_functions']),
      ('supabase_replication_admin', 'login replication', null),
      ('supabase_etl_admin', 'login replication', null),
      ('supabase_read_only_user', 'login bypassrls', null),
      ('dashboard_user', 'nologin createdb createrole replication', null),
      ('pgbouncer', 'login', null)
    ) as hosted (name, attributes, settings)
    where not exists (select from pg_catalog.pg_roles where rolname = hosted.name)
  loop
    begin
      execute format('create role %I %s', role.name, role.attributes);
      foreach setting in array coalesce(role.settings, '{}') loop
        execute format('alter role %I set %s', role.name, setting);
      end loop;
    exception when duplicate_object or unique_violation then
      null; -- another session was quicker
    end;
  end loop;

  for membership in
    select * from (values
      ('anon', 'authenticator'),
      ('authenticated', 'authenticator'),
      ('service_role', 'authenticator'),
      ('anon', 'postgres'),
      ('authenticated', 'postgres'),
      ('service_role', 'postgres'),
      ('authenticator', 'supabase_storage_admin'),
      ('supabase_realtime_admin', 'postgres'),
      ('pg_read_all_data', 'supabase_read_only_user')
    ) as hosted (role, member)
    where not exists (
      select from pg_catalog.pg_auth_members m
      where m.roleid = to_regrole(hosted.role) and m.member = to_regrole(hosted.member)
    )
  loop
    begin
      execute format('grant %I to %I', membership.role, membership.member);
    exception when unique_violation then
      null;
    end;
  end loop;
end
$$;
