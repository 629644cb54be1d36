-- stub of extension moddatetime: a trigger function that sets the column named by its argument to now(); works fully
-- source: https://www.postgresql.org/docs/current/contrib-spi.html#CONTRIB-SPI-MODDATETIME

create schema if not exists extensions;

create or replace function extensions.moddatetime() returns trigger
  language plpgsql set search_path = '' as $$
begin
  return jsonb_populate_record(new, jsonb_build_object(tg_argv[0], now()));
end
$$;
