-- stub of extension pgjwt: signs and verifies real HS256, HS384 and HS512 tokens where pgcrypto is installed
-- source: https://github.com/michelp/pgjwt#readme
-- source: https://www.rfc-editor.org/rfc/rfc7519

create schema if not exists extensions;

-- Base64url as RFC 4648, section 5: two other letters, no padding, no line breaks.
create or replace function extensions.url_encode(data bytea) returns text language sql immutable as $$
  select rtrim(translate(encode(data, 'base64'), E'+/\n', '-_'), '=')
$$;

create or replace function extensions.url_decode(data text) returns bytea language sql immutable as $$
  select decode(rpad(translate(data, '-_', '+/'), (length(data) + 3) / 4 * 4, '='), 'base64')
$$;

create or replace function extensions.algorithm_sign(signables text, secret text, algorithm text) returns text
  language plpgsql immutable set search_path = extensions, public as $$
declare
  hash text := case algorithm when 'HS256' then 'sha256' when 'HS384' then 'sha384' when 'HS512' then 'sha512' end;
begin
  return url_encode(hmac(signables, secret, hash));
end
$$;

create or replace function extensions.sign(payload json, secret text, algorithm text default 'HS256') returns text
  language sql immutable set search_path = extensions, public as $$
  select signables || '.' || algorithm_sign(signables, secret, algorithm)
  from concat_ws('.',
    url_encode(convert_to(format('{"alg":"%s","typ":"JWT"}', algorithm), 'UTF8')),
    url_encode(convert_to(payload::text, 'UTF8'))
  ) as signables
$$;

create or replace function extensions.verify(token text, secret text, algorithm text default 'HS256')
  returns table (header json, payload json, valid boolean)
  language sql stable set search_path = extensions, public as $$
  select
    parts.header,
    parts.payload,
    split_part(token, '.', 3)
        = algorithm_sign(split_part(token, '.', 1) || '.' || split_part(token, '.', 2), secret, algorithm)
      and extract(epoch from now())
        between coalesce((parts.payload ->> 'nbf')::numeric, '-Infinity')
        and coalesce((parts.payload ->> 'exp')::numeric, 'Infinity')
  from (
    select
      convert_from(url_decode(split_part(token, '.', 1)), 'UTF8')::json as header,
      convert_from(url_decode(split_part(token, '.', 2)), 'UTF8')::json as payload
  ) as parts
$$;
