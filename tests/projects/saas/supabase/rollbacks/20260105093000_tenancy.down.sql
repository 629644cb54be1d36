drop function if exists public.create_organization(text, text);
drop function if exists app.create_organization(text, text);

-- The policies call the helpers, so they go first.
drop policy if exists organization_members_delete on public.organization_members;
drop policy if exists organization_members_update on public.organization_members;
drop policy if exists organization_members_insert on public.organization_members;
drop policy if exists organization_members_select on public.organization_members;
drop policy if exists organizations_update on public.organizations;
drop policy if exists organizations_select on public.organizations;
drop policy if exists profiles_update on public.profiles;
drop policy if exists profiles_select on public.profiles;

drop function if exists app.colleague_ids();
drop function if exists app.owned_org_ids();
drop function if exists app.current_org_id();
drop function if exists app.current_org_ids();

drop table if exists public.organization_members;
drop type if exists public.member_status;
drop table if exists public.organizations;

drop trigger if exists on_auth_user_saved on auth.users;
drop function if exists app.sync_profile();
drop table if exists public.profiles;
