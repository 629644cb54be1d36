-- stub of extension index_advisor: answers every query with one row that advises nothing and says so
-- source: https://supabase.com/docs/guides/database/extensions/index_advisor

create schema if not exists extensions;

create or replace function extensions.index_advisor(query text)
  returns table (
    startup_cost_before jsonb, startup_cost_after jsonb, total_cost_before jsonb, total_cost_after jsonb,
    index_statements text[], errors text[]
  )
  language sql as $$
  select
    null::jsonb, null::jsonb, null::jsonb, null::jsonb, array[]::text[],
    array['index_advisor is a stub on this server: nothing was looked at']
$$;
