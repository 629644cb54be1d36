-- purpose: the extensions whose functions projects call without creating them, in schema extensions
-- source: https://supabase.com/docs/guides/database/extensions
-- source: https://www.postgresql.org/docs/current/uuid-ossp.html

do $$
declare
  extension text;
begin
  for extension in
    select name
    from pg_catalog.pg_available_extensions
    where name in ('pgcrypto', 'uuid-ossp') and installed_version is null
    order by name
  loop
    execute format('create extension if not exists %I with schema extensions', extension);
  end loop;

  -- The default of so many id columns has to work on a server without the uuid-ossp module too.
  if not exists (select from pg_catalog.pg_extension where extname = 'uuid-ossp') then
    create or replace function extensions.uuid_generate_v4() returns uuid
      language sql volatile parallel safe
      as 'select pg_catalog.gen_random_uuid()';
  end if;
end
$$;
