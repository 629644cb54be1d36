create function a() returns text language sql as $f$ select '$$ $body$' $f$;
create function b() returns text language sql as 'select ''x\z'' -- $';
create function c() returns text language plpgsql as $f$
begin
  execute $$ select 1 $$;
  return E'a\nb';
end $f$;
