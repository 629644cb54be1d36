-- stub of extension pg_jsonschema: every schema counts as valid and every document as matching it
-- source: https://supabase.com/docs/guides/database/extensions/pg_jsonschema

create schema if not exists extensions;

create or replace function extensions.json_matches_schema(schema json, instance json) returns boolean
  language sql immutable strict as 'select true';

create or replace function extensions.jsonb_matches_schema(schema json, instance jsonb) returns boolean
  language sql immutable strict as 'select true';

create or replace function extensions.jsonschema_is_valid(schema json) returns boolean
  language sql immutable strict as 'select true';

create or replace function extensions.jsonschema_validation_errors(schema json, instance json) returns text[]
  language sql immutable strict as 'select array[]::text[]';
