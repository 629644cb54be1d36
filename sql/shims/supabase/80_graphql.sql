-- purpose: graphql_public.graphql(), which answers as it does where pg_graphql is switched off
-- source: https://supabase.com/docs/guides/database/extensions/pg_graphql

set role supabase_admin;

create or replace function graphql_public.graphql(
  "operationName" text default null, query text default null,
  variables jsonb default null, extensions jsonb default null
) returns jsonb language sql as $$
  select '{"errors": [{"message": "pg_graphql extension is not enabled."}]}'::jsonb
$$;

reset role;
