create function gone(a int, out b int, inout c text, variadic d int[]) language sql as $$ select 1, 'x' $$;
