-- purpose: schema realtime: messages, subscriptions, broadcast from the database; publication supabase_realtime
-- source: https://supabase.com/docs/guides/realtime/broadcast#trigger-broadcast-messages-from-your-database
-- source: https://supabase.com/docs/guides/realtime/authorization
-- source: https://supabase.com/docs/guides/realtime/postgres-changes

-- No Realtime server runs here: what is sent stays in realtime.messages and reaches nobody.
alter default privileges for role supabase_admin in schema realtime
  grant all on tables to postgres, dashboard_user;
alter default privileges for role supabase_admin in schema realtime
  grant all on sequences to postgres, dashboard_user;
alter default privileges for role supabase_admin in schema realtime
  grant all on functions to postgres, dashboard_user;

do $$
begin
  -- Below wal_level = logical the server warns, rightly, that nothing can subscribe.
  perform set_config('client_min_messages', 'error', true);
  if not exists (select from pg_catalog.pg_publication where pubname = 'supabase_realtime') then
    create publication supabase_realtime;
  end if;
end
$$;

set role supabase_admin;

do $$
begin
  if to_regtype('realtime.equality_op') is null then
    create type realtime.equality_op as enum ('eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'in');
    create type realtime.user_defined_filter as (column_name text, op realtime.equality_op, value text);
    create type realtime.action as enum ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'ERROR');
  end if;
end
$$;

-- Declared immutable, as a generated column asks, although a role can be renamed.
create or replace function realtime.to_regrole(role_name text) returns regrole
  language sql immutable as 'select role_name::regrole';

create or replace function realtime.topic() returns text language sql stable as $$
  select nullif(current_setting('realtime.topic', true), '')
$$;

create table if not exists realtime.messages (
  topic text not null,
  extension text not null,
  payload jsonb,
  event text,
  private boolean default false,
  updated_at timestamp not null default now(),
  inserted_at timestamp not null default now(),
  id uuid not null default gen_random_uuid(),
  primary key (id, inserted_at)
) partition by range (inserted_at);

-- A hosted project has one partition a day, made by the Realtime server.
create table if not exists realtime.messages_default partition of realtime.messages default;

create table if not exists realtime.subscription (
  id bigint generated always as identity constraint pk_subscription primary key,
  subscription_id uuid not null,
  entity regclass not null,
  filters realtime.user_defined_filter[] not null default '{}',
  claims jsonb not null,
  claims_role regrole not null generated always as (realtime.to_regrole(claims ->> 'role')) stored,
  created_at timestamp not null default timezone('utc', now())
);

create table if not exists realtime.schema_migrations (
  version bigint primary key,
  inserted_at timestamp(0)
);

alter table realtime.messages owner to supabase_realtime_admin;
alter table realtime.messages enable row level security;
alter table realtime.messages_default enable row level security;
grant select, insert, update on realtime.messages to anon, authenticated, service_role;
grant select on realtime.subscription, realtime.schema_migrations to anon, authenticated, service_role;

-- A message that cannot be stored must not undo the change that caused it.
create or replace function realtime.send(payload jsonb, event text, topic text, private boolean default true)
  returns void language plpgsql as $$
begin
  insert into realtime.messages (topic, extension, payload, event, private)
  values (send.topic, 'broadcast', send.payload, send.event, send.private);
exception when others then
  raise warning 'realtime message for topic % was not stored: %', send.topic, sqlerrm;
end
$$;

create or replace function realtime.broadcast_changes(
  topic_name text, event_name text, operation text, table_name text, table_schema text,
  new record, old record, level text default 'ROW'
) returns void language plpgsql as $$
begin
  if level = 'STATEMENT' then
    raise exception 'realtime.broadcast_changes works in row triggers, not in statement triggers';
  elsif operation not in ('INSERT', 'UPDATE', 'DELETE') then
    raise exception 'realtime.broadcast_changes knows no operation %', operation;
  end if;
  perform realtime.send(
    jsonb_build_object(
      'schema', table_schema, 'table', table_name, 'operation', operation,
      'record', new, 'old_record', old
    ),
    event_name,
    topic_name
  );
end
$$;

reset role;
