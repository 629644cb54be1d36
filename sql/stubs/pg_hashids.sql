-- stub of extension pg_hashids: ids of one number are encoded and decoded, but as hexadecimal, not as Hashids
-- source: https://github.com/iCyberon/pg_hashids#readme

create schema if not exists extensions;

-- Pads with zeros, which decoding ignores. Salt and alphabet have no effect.
create or replace function extensions.id_encode(
  number bigint, salt text default '', min_length integer default 0, alphabet text default ''
) returns text language sql immutable strict as $$
  select lpad(hex, greatest(min_length, length(hex)), '0') from to_hex(number) as hex
$$;

create or replace function extensions.id_decode(
  id text, salt text default '', min_length integer default 0, alphabet text default ''
) returns bigint[] language sql immutable strict as $$
  select array[('x' || lpad(id, 16, '0'))::bit(64)::bigint]
$$;

create or replace function extensions.id_decode_once(
  id text, salt text default '', min_length integer default 0, alphabet text default ''
) returns bigint language sql immutable strict as $$
  select (extensions.id_decode(id, salt, min_length, alphabet))[1]
$$;
