-- stub of extension wrappers: only its statistics table exists; CREATE FOREIGN DATA WRAPPER with its handlers fails
-- source: https://supabase.com/docs/guides/database/extensions/wrappers/overview

-- A handler has to return fdw_handler, which no SQL or PL/pgSQL function can.
create schema if not exists extensions;

create table if not exists extensions.wrappers_fdw_stats (
  fdw_name text primary key,
  create_times bigint,
  rows_in bigint,
  rows_out bigint,
  bytes_in bigint,
  bytes_out bigint,
  metadata jsonb,
  created_at timestamptz not null default timezone('utc', now()),
  updated_at timestamptz not null default timezone('utc', now())
);
