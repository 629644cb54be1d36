-- stub of extension plpgsql_check: the check functions exist and never find anything
-- source: https://github.com/okbob/plpgsql_check#readme

create schema if not exists extensions;

create or replace function extensions.plpgsql_check_function(
  funcoid regprocedure, relid regclass default 0, format text default 'text', fatal_errors boolean default true,
  other_warnings boolean default true, performance_warnings boolean default false,
  extra_warnings boolean default true, security_warnings boolean default false
) returns setof text language sql stable as 'select null::text where false';

create or replace function extensions.plpgsql_check_function(
  name text, relid regclass default 0, format text default 'text', fatal_errors boolean default true,
  other_warnings boolean default true, performance_warnings boolean default false,
  extra_warnings boolean default true, security_warnings boolean default false
) returns setof text language sql stable as 'select null::text where false';
