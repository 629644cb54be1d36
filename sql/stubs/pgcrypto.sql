-- stub of extension pgcrypto: digest, hmac (md5, sha2) and random bytes work; crypt fails, pgp_* and encrypt are missing
-- source: https://www.postgresql.org/docs/current/pgcrypto.html

create schema if not exists extensions;

create or replace function extensions.gen_random_uuid() returns uuid
  language sql volatile as 'select pg_catalog.gen_random_uuid()';

-- A version 4 UUID has six fixed bits, so only the hash of two of them goes out.
create or replace function extensions.gen_random_bytes(count integer) returns bytea
  language plpgsql volatile strict set search_path = '' as $$
declare
  bytes bytea := '';
begin
  if count not between 1 and 1024 then
    raise exception 'Length not in range' using errcode = 'external_routine_invocation_exception';
  end if;
  while length(bytes) < count loop
    bytes := bytes || sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
  end loop;
  return substr(bytes, 1, count);
end
$$;

create or replace function extensions.digest(data bytea, type text) returns bytea
  language plpgsql immutable strict set search_path = '' as $$
begin
  case lower(type)
    when 'md5' then return decode(md5(data), 'hex');
    when 'sha224' then return sha224(data);
    when 'sha256' then return sha256(data);
    when 'sha384' then return sha384(data);
    when 'sha512' then return sha512(data);
    else
      raise exception 'the stub of pgcrypto has no hash "%"', type using errcode = 'feature_not_supported';
  end case;
end
$$;

create or replace function extensions.digest(data text, type text) returns bytea
  language sql immutable strict as $$ select extensions.digest(convert_to(data, 'UTF8'), type) $$;

-- RFC 2104: the key is padded to the block of the hash, then mixed with 0x36 and 0x5c.
create or replace function extensions.hmac(data bytea, key bytea, type text) returns bytea
  language plpgsql immutable strict set search_path = '' as $$
declare
  block integer := case when lower(type) in ('sha384', 'sha512') then 128 else 64 end;
  inner_pad bytea := decode(repeat('36', block), 'hex');
  outer_pad bytea := decode(repeat('5c', block), 'hex');
begin
  if length(key) > block then
    key := extensions.digest(key, type);
  end if;
  for at in 0 .. length(key) - 1 loop
    inner_pad := set_byte(inner_pad, at, get_byte(key, at) # 54);
    outer_pad := set_byte(outer_pad, at, get_byte(key, at) # 92);
  end loop;
  return extensions.digest(outer_pad || extensions.digest(inner_pad || data, type), type);
end
$$;

create or replace function extensions.hmac(data text, key text, type text) returns bytea
  language sql immutable strict as $$
  select extensions.hmac(convert_to(data, 'UTF8'), convert_to(key, 'UTF8'), type)
$$;

create or replace function extensions.gen_salt(type text, iterations integer default 0) returns text
  language plpgsql as $$
begin
  raise exception 'gen_salt needs the real pgcrypto: this server has a stub' using errcode = 'feature_not_supported';
end
$$;

create or replace function extensions.crypt(password text, salt text) returns text
  language plpgsql as $$
begin
  raise exception 'crypt needs the real pgcrypto: this server has a stub' using errcode = 'feature_not_supported';
end
$$;
