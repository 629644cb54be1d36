-- The extension goes without `cascade`: if something else came to use it, this stops here.
drop function if exists app.set_updated_at();
drop function if exists app.set_created_by();
drop extension if exists pg_trgm;
drop schema if exists app;
