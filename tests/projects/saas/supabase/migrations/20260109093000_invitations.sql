-- Inviting people by e-mail. The secret of the link is shown once; only its hash is kept.

do $$
begin
  if to_regtype('public.invitation_status') is null then
    create type public.invitation_status as enum (
      'pending',
      'accepted',
      'revoked'
    );
  end if;
end
$$;
comment on type public.invitation_status is 'What became of an invitation; one past expires_at counts as no longer pending.';

create table if not exists public.invitations (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null default app.current_org_id()
    references public.organizations (id) on delete cascade,
  email text not null,
  role_id uuid not null,
  status public.invitation_status not null default 'pending',
  token_hash text not null,
  expires_at timestamptz not null default now() + interval '7 days',
  accepted_at timestamptz,
  accepted_by uuid references public.profiles (id) on delete set null
    deferrable initially deferred,
  created_at timestamptz not null default now(),
  created_by uuid references auth.users (id) on delete set null,
  updated_at timestamptz not null default now(),
  updated_by uuid references auth.users (id) on delete set null,
  deleted_at timestamptz,
  constraint invitations_role_fkey foreign key (org_id, role_id)
    references public.roles (org_id, id) on delete cascade,
  constraint invitations_email_check check (email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
  constraint invitations_token_hash_check check (token_hash ~ '^[0-9a-f]{64}$'),
  constraint invitations_accepted_at_check check ((status = 'accepted') = (accepted_at is not null))
);
comment on table public.invitations is 'Invitations to join an organization with a role.';
comment on column public.invitations.token_hash is 'SHA-256 of the secret in the link, in hexadecimal.';

create unique index if not exists invitations_token_hash_key on public.invitations (token_hash) where deleted_at is null;
create unique index if not exists invitations_org_id_email_key
  on public.invitations (org_id, lower(email)) where status = 'pending' and deleted_at is null;
create index if not exists invitations_org_id_role_id_idx on public.invitations (org_id, role_id);
create index if not exists invitations_accepted_by_idx on public.invitations (accepted_by);
create index if not exists invitations_created_by_idx on public.invitations (created_by);
create index if not exists invitations_updated_by_idx on public.invitations (updated_by);

create or replace trigger set_created_by
  before insert on public.invitations
  for each row execute function app.set_created_by();
create or replace trigger set_updated_at
  before update on public.invitations
  for each row execute function app.set_updated_at();

-- An invitation gives a role away, so it takes the right to do that as well.
alter table public.invitations enable row level security;

drop policy if exists invitations_select on public.invitations;
create policy invitations_select on public.invitations
  for select to authenticated
  using (
    org_id in (select app.org_ids_with('invitations.manage'))
    and (deleted_at is null or org_id in (select app.org_ids_with('invitations.manage')))
  );
drop policy if exists invitations_insert on public.invitations;
create policy invitations_insert on public.invitations
  for insert to authenticated
  with check (
    org_id in (select app.org_ids_with('invitations.manage'))
    and org_id in (select app.org_ids_with('roles.manage'))
    and deleted_at is null
  );
drop policy if exists invitations_update on public.invitations;
create policy invitations_update on public.invitations
  for update to authenticated
  using (
    org_id in (select app.org_ids_with('invitations.manage'))
    and org_id in (select app.org_ids_with('roles.manage'))
  )
  with check (
    org_id in (select app.org_ids_with('invitations.manage'))
    and org_id in (select app.org_ids_with('roles.manage'))
    and (deleted_at is null or org_id in (select app.org_ids_with('invitations.manage')))
  );
drop policy if exists invitations_delete on public.invitations;
create policy invitations_delete on public.invitations
  for delete to authenticated
  using (
    deleted_at is not null
    and org_id in (select app.org_ids_with('invitations.manage'))
  );

revoke all on table public.invitations from anon, authenticated;
grant select, insert, update, delete on table public.invitations to authenticated;
grant select, insert, update, delete on table public.invitations to service_role;

create or replace trigger write_audit_log
  after insert or update or delete on public.invitations
  for each row execute function app.write_audit_log('token_hash');

create or replace function app.hash_token(p_token text)
returns text
language sql
immutable
set search_path = ''
as $$
  select encode(sha256(convert_to(p_token, 'UTF8')), 'hex')
$$;
comment on function app.hash_token(text) is 'SHA-256 of a secret, in hexadecimal.';
revoke execute on function app.hash_token(text) from public;
grant execute on function app.hash_token(text) to authenticated, service_role;

-- The policies of invitations decide who may; the function only keeps the secret out of the table.
create or replace function public.invite_member(p_org_id uuid, p_email text, p_role_id uuid)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_token text := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
begin
  update public.invitations as i
  set status = 'revoked'
  where i.org_id = p_org_id
    and lower(i.email) = lower(p_email)
    and i.status = 'pending'
    and i.deleted_at is null;

  insert into public.invitations (org_id, email, role_id, token_hash)
  values (p_org_id, p_email, p_role_id, app.hash_token(v_token));

  return v_token;
end
$$;
comment on function public.invite_member(uuid, text, uuid) is
  'Invites an e-mail address with a role, in place of an open invitation, and returns the secret for the link.';
revoke execute on function public.invite_member(uuid, text, uuid) from public, anon;
grant execute on function public.invite_member(uuid, text, uuid) to authenticated;

create or replace function app.accept_invitation(p_token text)
returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_user_id uuid := auth.uid();
  v_invitation public.invitations;
begin
  if v_user_id is null then
    raise exception 'only a signed-in user can accept an invitation' using errcode = '42501';
  end if;

  select i.* into v_invitation
  from public.invitations as i
  join public.organizations as o on o.id = i.org_id
  join public.profiles as p on p.id = v_user_id
  where i.token_hash = app.hash_token(p_token)
    and i.status = 'pending'
    and i.expires_at > now()
    and i.deleted_at is null
    and o.deleted_at is null
    and lower(i.email) = lower(p.email)
  for update of i;

  if v_invitation.id is null then
    raise exception 'this invitation is not valid, or no longer valid' using errcode = 'P0002';
  end if;

  -- Whoever left may come back, but not as the owner they were.
  insert into public.organization_members as m (org_id, user_id)
  values (v_invitation.org_id, v_user_id)
  on conflict (org_id, user_id) do update
  set deleted_at = null, status = 'active', is_owner = false
  where m.deleted_at is not null;

  insert into public.user_roles (org_id, user_id, role_id)
  values (v_invitation.org_id, v_user_id, v_invitation.role_id)
  on conflict (user_id, role_id) where deleted_at is null do nothing;

  update public.invitations as i
  set status = 'accepted', accepted_at = now(), accepted_by = v_user_id
  where i.id = v_invitation.id;

  return v_invitation.org_id;
end
$$;
comment on function app.accept_invitation(text) is
  'Makes the invited user, known by the e-mail address, a member with the role, and returns the organization.';
revoke execute on function app.accept_invitation(text) from public;
grant execute on function app.accept_invitation(text) to authenticated;

create or replace function public.accept_invitation(p_token text)
returns uuid
language sql
set search_path = ''
as $$
  select app.accept_invitation(p_token)
$$;
comment on function public.accept_invitation(text) is 'API of app.accept_invitation(text).';
revoke execute on function public.accept_invitation(text) from public, anon;
grant execute on function public.accept_invitation(text) to authenticated;
