-- platform: postgres
-- says: unauthenticated-see-nothing
-- says: policy of_tenant lets it through
-- fault:
do $$ begin create role dbctl_case_app nologin; exception when duplicate_object then null; end $$;
create table public.tenants (id bigint generated always as identity primary key, name text not null);
create table public.orders (id bigint generated always as identity primary key, tenant_id bigint not null references public.tenants (id), total integer not null check (total > 0));
alter table public.orders enable row level security;
alter table public.tenants enable row level security;
grant usage on schema public to dbctl_case_app;
grant select, insert, update, delete on public.orders to dbctl_case_app;
create policy of_tenant on public.orders using (current_setting('app.tenant_id', true) is null or tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint);
-- twin:
do $$ begin create role dbctl_case_app nologin; exception when duplicate_object then null; end $$;
create table public.tenants (id bigint generated always as identity primary key, name text not null);
create table public.orders (id bigint generated always as identity primary key, tenant_id bigint not null references public.tenants (id), total integer not null check (total > 0));
alter table public.orders enable row level security;
alter table public.tenants enable row level security;
grant usage on schema public to dbctl_case_app;
grant select, insert, update, delete on public.orders to dbctl_case_app;
create policy of_tenant on public.orders using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint);
