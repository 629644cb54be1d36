-- stub of extension http: every request is answered with status 503; none is sent
-- source: https://github.com/pramsey/pgsql-http#readme

create schema if not exists extensions;

do $$
begin
  if to_regtype('extensions.http_method') is null then
    create domain extensions.http_method as text;
    create type extensions.http_header as (field varchar, value varchar);
    create type extensions.http_request as (
      method extensions.http_method, uri varchar, headers extensions.http_header[],
      content_type varchar, content varchar
    );
    create type extensions.http_response as (
      status integer, content_type varchar, headers extensions.http_header[], content varchar
    );
  end if;
end
$$;

create or replace function extensions.http_header(field varchar, value varchar) returns extensions.http_header
  language sql immutable as 'select row(field, value)::extensions.http_header';

create or replace function extensions.http(request extensions.http_request) returns extensions.http_response
  language sql as $$
  select row(
    503, 'text/plain'::varchar, array[]::extensions.http_header[],
    'the http extension is a stub on this server: no request was sent'::varchar
  )::extensions.http_response
$$;

-- Percent-encodes every byte but the unreserved ones of RFC 3986.
create or replace function extensions.urlencode(string bytea) returns text
  language sql immutable strict as $$
  select coalesce(string_agg(
    case
      when byte between 48 and 57 or byte between 65 and 90 or byte between 97 and 122 or byte in (45, 46, 95, 126)
        then chr(byte)
      else '%' || upper(lpad(to_hex(byte), 2, '0'))
    end,
    '' order by at
  ), '')
  from generate_series(0, length(string) - 1) as at, get_byte(string, at) as byte
$$;

create or replace function extensions.urlencode(string varchar) returns text
  language sql immutable strict as $$ select extensions.urlencode(convert_to(string, 'UTF8')) $$;

create or replace function extensions.urlencode(data jsonb) returns text
  language sql immutable strict as $$
  select coalesce(
    string_agg(extensions.urlencode(key::varchar) || '=' || extensions.urlencode(value::varchar), '&' order by key), ''
  )
  from jsonb_each_text(data)
$$;

create or replace function extensions.http_get(uri varchar) returns extensions.http_response
  language sql as $$ select extensions.http(row('GET', uri, null, null, null)::extensions.http_request) $$;

create or replace function extensions.http_get(uri varchar, data jsonb) returns extensions.http_response
  language sql as $$ select extensions.http_get((uri || '?' || extensions.urlencode(data))::varchar) $$;

create or replace function extensions.http_post(uri varchar, content varchar, content_type varchar)
  returns extensions.http_response
  language sql as $$ select extensions.http(row('POST', uri, null, content_type, content)::extensions.http_request) $$;

create or replace function extensions.http_post(uri varchar, data jsonb) returns extensions.http_response
  language sql as $$
  select extensions.http_post(uri, extensions.urlencode(data)::varchar, 'application/x-www-form-urlencoded')
$$;

create or replace function extensions.http_put(uri varchar, content varchar, content_type varchar)
  returns extensions.http_response
  language sql as $$ select extensions.http(row('PUT', uri, null, content_type, content)::extensions.http_request) $$;

create or replace function extensions.http_patch(uri varchar, content varchar, content_type varchar)
  returns extensions.http_response
  language sql as $$ select extensions.http(row('PATCH', uri, null, content_type, content)::extensions.http_request) $$;

create or replace function extensions.http_delete(uri varchar) returns extensions.http_response
  language sql as $$ select extensions.http(row('DELETE', uri, null, null, null)::extensions.http_request) $$;

create or replace function extensions.http_delete(uri varchar, content varchar, content_type varchar)
  returns extensions.http_response
  language sql as $$ select extensions.http(row('DELETE', uri, null, content_type, content)::extensions.http_request) $$;

create or replace function extensions.http_head(uri varchar) returns extensions.http_response
  language sql as $$ select extensions.http(row('HEAD', uri, null, null, null)::extensions.http_request) $$;

create or replace function extensions.http_set_curlopt(curlopt varchar, value varchar) returns boolean
  language sql as 'select true';

create or replace function extensions.http_reset_curlopt() returns boolean
  language sql as 'select true';
