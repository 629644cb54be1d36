-- purpose: supabase_functions.http_request(), the trigger function behind database webhooks
-- source: https://supabase.com/docs/guides/database/webhooks

set role supabase_functions_admin;

create table if not exists supabase_functions.hooks (
  id bigserial primary key,
  hook_table_id integer not null,
  hook_name text not null,
  created_at timestamptz not null default now(),
  request_id bigint
);

-- Takes the arguments of the hosted one (url, method, headers, params, timeout) and records that
-- the hook fired. No request leaves the machine.
create or replace function supabase_functions.http_request() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into supabase_functions.hooks (hook_table_id, hook_name) values (tg_relid, tg_name);
  return coalesce(new, old);
end
$$;

grant all on supabase_functions.hooks to postgres, anon, authenticated, service_role;

reset role;
