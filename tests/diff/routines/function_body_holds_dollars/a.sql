create function a() returns text language sql as $f$ select '$$' $f$;
create function b() returns text language sql as 'select ''x\y''  -- $';
