-- platform: postgres
-- says: the owner of public.orders passes its row-level security
-- says: alter table public.orders force row level security
-- fault:
create table public.orders (id bigint generated always as identity primary key, tenant_id uuid not null, total integer not null);
alter table public.orders enable row level security;
create policy of_tenant on public.orders using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
-- twin:
create table public.orders (id bigint generated always as identity primary key, tenant_id uuid not null, total integer not null);
alter table public.orders enable row level security;
alter table public.orders force row level security;
create policy of_tenant on public.orders using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
