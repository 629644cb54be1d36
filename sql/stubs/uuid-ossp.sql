-- stub of extension uuid-ossp: uuid_generate_v4, uuid_generate_v3, uuid_nil and the namespaces work; v1 and v5 are missing
-- source: https://www.postgresql.org/docs/current/uuid-ossp.html
-- source: https://www.rfc-editor.org/rfc/rfc9562

create schema if not exists extensions;

create or replace function extensions.uuid_generate_v4() returns uuid
  language sql volatile parallel safe as 'select pg_catalog.gen_random_uuid()';

create or replace function extensions.uuid_nil() returns uuid
  language sql immutable as $$ select '00000000-0000-0000-0000-000000000000'::uuid $$;

create or replace function extensions.uuid_ns_dns() returns uuid
  language sql immutable as $$ select '6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid $$;

create or replace function extensions.uuid_ns_url() returns uuid
  language sql immutable as $$ select '6ba7b811-9dad-11d1-80b4-00c04fd430c8'::uuid $$;

create or replace function extensions.uuid_ns_oid() returns uuid
  language sql immutable as $$ select '6ba7b812-9dad-11d1-80b4-00c04fd430c8'::uuid $$;

create or replace function extensions.uuid_ns_x500() returns uuid
  language sql immutable as $$ select '6ba7b814-9dad-11d1-80b4-00c04fd430c8'::uuid $$;

-- The MD5 of namespace and name, with version 3 and the variant put into their six bits.
create or replace function extensions.uuid_generate_v3(namespace uuid, name text) returns uuid
  language sql immutable strict set search_path = '' as $$
  select encode(
    set_byte(set_byte(hash, 6, get_byte(hash, 6) & 15 | 48), 8, get_byte(hash, 8) & 63 | 128), 'hex'
  )::uuid
  from decode(md5(uuid_send(namespace) || convert_to(name, 'UTF8')), 'hex') as hash
$$;
