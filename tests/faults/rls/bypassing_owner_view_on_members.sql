-- A view over the members shows who is in which tenant.
-- run: test rls
-- base: tenants
-- setting: [local]
-- setting: platform = "supabase"
-- found: tenant-isolation: public.members select update delete insert through view public.directory
-- [faulty]
create view directory as select user_id, org_id from members;
revoke all on directory from anon;
-- [twin]
create view directory with (security_invoker = true) as select user_id, org_id from members;
revoke all on directory from anon;
