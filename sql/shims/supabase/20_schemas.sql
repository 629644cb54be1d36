-- purpose: the schemas of a hosted project, who may use them, the default privileges, search_path
-- source: https://supabase.com/docs/guides/database/postgres/roles
-- source: https://supabase.com/docs/guides/api/using-custom-schemas
-- source: https://www.postgresql.org/docs/current/sql-alterdefaultprivileges.html

create schema if not exists extensions;
create schema if not exists auth authorization supabase_admin;
create schema if not exists storage authorization supabase_admin;
create schema if not exists realtime authorization supabase_admin;
create schema if not exists graphql authorization supabase_admin;
create schema if not exists graphql_public authorization supabase_admin;
create schema if not exists vault authorization supabase_admin;
create schema if not exists supabase_functions authorization supabase_admin;
create schema if not exists pgbouncer authorization pgbouncer;

grant usage on schema auth, storage, realtime, extensions, graphql, graphql_public, supabase_functions
  to postgres, anon, authenticated, service_role;
grant all on schema auth, storage, realtime, extensions to dashboard_user;
grant create on schema extensions to postgres;
grant all on schema auth to supabase_auth_admin;
grant all on schema storage to supabase_storage_admin;
grant usage on schema realtime to supabase_realtime_admin;
grant all on schema supabase_functions to supabase_functions_admin;
grant usage on schema vault to postgres, service_role;

-- PostgreSQL 15 took CREATE from PUBLIC by itself; 14 has to be told.
revoke create on schema public from public;
grant usage on schema public to anon, authenticated, service_role;
grant all on schema public to postgres;

-- The API roles may use what migrations create in public; row level security does the rest. Without
-- FOR ROLE this is the role that runs the migrations.
alter default privileges in schema public
  grant all on tables to postgres, anon, authenticated, service_role;
alter default privileges in schema public
  grant all on sequences to postgres, anon, authenticated, service_role;
alter default privileges in schema public
  grant all on functions to postgres, anon, authenticated, service_role;
alter default privileges for role postgres, supabase_admin in schema public
  grant all on tables to postgres, anon, authenticated, service_role;
alter default privileges for role postgres, supabase_admin in schema public
  grant all on sequences to postgres, anon, authenticated, service_role;
alter default privileges for role postgres, supabase_admin in schema public
  grant all on functions to postgres, anon, authenticated, service_role;

-- Counts for sessions that connect after this file.
do $$
begin
  execute format('alter database %I set search_path = "$user", public, extensions', current_database());
end
$$;
