-- stub of extension hypopg: hypothetical indexes can be asked for, none is made and no plan changes
-- source: https://hypopg.readthedocs.io/en/rel1_stable/usage.html

create schema if not exists extensions;

create or replace function extensions.hypopg_create_index(sql_order text)
  returns table (indexrelid oid, indexname text)
  language sql as 'select null::oid, null::text where false';

create or replace function extensions.hypopg_drop_index(indexid oid) returns boolean
  language sql as 'select false';

create or replace function extensions.hypopg_reset() returns void
  language sql as '';

create or replace function extensions.hypopg_relation_size(indexid oid) returns bigint
  language sql as 'select 0::bigint';

create or replace view extensions.hypopg_list_indexes as
  select 0::oid as indexrelid, ''::text as index_name, ''::name as schema_name, ''::name as table_name, ''::name as am_name
  where false;
