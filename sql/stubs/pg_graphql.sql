-- stub of extension pg_graphql: graphql.resolve() exists and answers every query with an error
-- source: https://supabase.com/docs/guides/database/extensions/pg_graphql

create schema if not exists graphql;

create or replace function graphql.resolve(
  query text, variables jsonb default '{}', "operationName" text default null, extensions jsonb default null
) returns jsonb language sql as $$
  select '{"data": null, "errors": [{"message": "pg_graphql is a stub on this server: no query is run"}]}'::jsonb
$$;

grant usage on schema graphql to public;
