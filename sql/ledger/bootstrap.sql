-- purpose: dbctl's own schema and its append-only record of events; refinery creates its history table beside it
-- params: none; run under the advisory lock
-- since: 14
create schema if not exists dbctl;
comment on schema dbctl is 'dbctl: migration history';

create table if not exists dbctl.event (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  run_id uuid not null,
  key bigint not null,
  version text not null,
  name text not null,
  kind text not null constraint event_kind_check
    check (kind in ('statement-started', 'statement-finished', 'applied', 'failed', 'reverted', 'accepted')),
  direction text not null constraint event_direction_check check (direction in ('up', 'down')),
  sha256 text,
  raw_sha256 text,
  statement integer,
  xid xid8,
  ms double precision,
  sqlstate text,
  message text,
  actor text not null,
  tool_version text not null,
  sql text
);
create index if not exists event_key_id_idx on dbctl.event (key, id);
comment on table dbctl.event is 'dbctl: what happened to each migration, append-only';
comment on column dbctl.event.key is 'the version as it stands in dbctl.schema_history';
comment on column dbctl.event.version is 'the version as in the file name';
comment on column dbctl.event.sql is 'the text that was applied, line ends and trailing blanks normalised';

create or replace function dbctl.refuse_change() returns trigger language plpgsql set search_path = '' as $$
begin
  raise exception 'dbctl.event is append-only' using errcode = 'object_not_in_prerequisite_state';
end
$$;
comment on function dbctl.refuse_change() is 'dbctl: keeps dbctl.event append-only';
create or replace trigger event_is_append_only before update or delete or truncate on dbctl.event
  for each statement execute function dbctl.refuse_change();
revoke all on schema dbctl from public;
