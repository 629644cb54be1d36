-- Billing: one subscription for each organization. The payment provider's webhook keeps it
-- up to date as service_role; people only read it.

do $$
begin
  if to_regtype('public.subscription_status') is null then
    create type public.subscription_status as enum (
      'trialing',
      'active',
      'past_due',
      'canceled'
    );
  end if;
end
$$;
comment on type public.subscription_status is 'State of a subscription, in the words of the payment provider.';

create table if not exists public.subscriptions (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null default app.current_org_id()
    references public.organizations (id) on delete cascade,
  status public.subscription_status not null default 'trialing',
  seats integer not null default 5,
  stripe_customer_id text,
  stripe_subscription_id text,
  stripe_price_id text,
  current_period_start timestamptz not null default now(),
  current_period_end timestamptz not null default now() + interval '14 days',
  cancel_at_period_end boolean not null default false,
  created_at timestamptz not null default now(),
  created_by uuid references auth.users (id) on delete set null,
  updated_at timestamptz not null default now(),
  updated_by uuid references auth.users (id) on delete set null,
  deleted_at timestamptz,
  constraint subscriptions_org_id_id_key unique (org_id, id),
  constraint subscriptions_seats_check check (seats > 0),
  constraint subscriptions_period_check check (current_period_end > current_period_start)
);
comment on table public.subscriptions is 'What an organization pays for; starts as a trial of 14 days.';

create unique index if not exists subscriptions_org_id_key on public.subscriptions (org_id) where deleted_at is null;
create unique index if not exists subscriptions_stripe_subscription_id_key
  on public.subscriptions (stripe_subscription_id) where deleted_at is null;
create index if not exists subscriptions_stripe_customer_id_idx on public.subscriptions (stripe_customer_id);
create index if not exists subscriptions_created_by_idx on public.subscriptions (created_by);
create index if not exists subscriptions_updated_by_idx on public.subscriptions (updated_by);

create or replace trigger set_created_by
  before insert on public.subscriptions
  for each row execute function app.set_created_by();
create or replace trigger set_updated_at
  before update on public.subscriptions
  for each row execute function app.set_updated_at();
create or replace trigger write_audit_log
  after insert or update or delete on public.subscriptions
  for each row execute function app.write_audit_log();

alter table public.subscriptions enable row level security;

drop policy if exists subscriptions_select on public.subscriptions;
create policy subscriptions_select on public.subscriptions
  for select to authenticated
  using (
    org_id in (select app.org_ids_with('billing.read'))
    and deleted_at is null
  );

revoke all on table public.subscriptions from anon, authenticated;
grant select on table public.subscriptions to authenticated;
grant select, insert, update, delete on table public.subscriptions to service_role;

create or replace function app.start_trial()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.subscriptions (org_id)
  values (new.id)
  on conflict (org_id) where deleted_at is null do nothing;
  return null;
end
$$;
comment on function app.start_trial() is 'Trigger: gives a new organization its trial subscription.';
revoke execute on function app.start_trial() from public;

create or replace trigger start_trial
  after insert on public.organizations
  for each row execute function app.start_trial();

-- Organizations made before this file start their trial now.
insert into public.subscriptions (org_id)
select o.id
from public.organizations as o
where o.deleted_at is null
on conflict (org_id) where deleted_at is null do nothing;
