-- The rights of owners alone, as they were.
drop policy if exists organization_members_insert on public.organization_members;
create policy organization_members_insert on public.organization_members
  for insert to authenticated
  with check (
    org_id in (select app.owned_org_ids())
    and deleted_at is null
  );
drop policy if exists organization_members_update on public.organization_members;
create policy organization_members_update on public.organization_members
  for update to authenticated
  using (org_id in (select app.owned_org_ids()))
  with check (org_id in (select app.owned_org_ids()));
drop policy if exists organization_members_delete on public.organization_members;
create policy organization_members_delete on public.organization_members
  for delete to authenticated
  using (
    deleted_at is not null
    and org_id in (select app.owned_org_ids())
  );
drop policy if exists organizations_update on public.organizations;
create policy organizations_update on public.organizations
  for update to authenticated
  using (id in (select app.owned_org_ids()))
  with check (id in (select app.owned_org_ids()));

drop trigger if exists provision_organization on public.organizations;
drop function if exists app.provision_organization();
drop function if exists app.provision_roles(uuid);

-- The policies of these four tables call the helpers, so they go before them.
drop policy if exists user_roles_delete on public.user_roles;
drop policy if exists user_roles_update on public.user_roles;
drop policy if exists user_roles_insert on public.user_roles;
drop policy if exists user_roles_select on public.user_roles;
drop policy if exists role_permissions_delete on public.role_permissions;
drop policy if exists role_permissions_update on public.role_permissions;
drop policy if exists role_permissions_insert on public.role_permissions;
drop policy if exists role_permissions_select on public.role_permissions;
drop policy if exists roles_delete on public.roles;
drop policy if exists roles_update on public.roles;
drop policy if exists roles_insert on public.roles;
drop policy if exists roles_select on public.roles;
drop policy if exists permissions_select on public.permissions;

drop function if exists app.has_permission(uuid, text);
drop function if exists app.org_ids_with(text);

drop table if exists public.user_roles;
drop table if exists public.role_permissions;
drop table if exists public.roles;
drop table if exists public.permissions;
