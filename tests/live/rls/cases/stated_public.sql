-- platform: supabase
-- says: unauthenticated-see-nothing: select of public.plans
-- fault:
create table public.plans (id bigint primary key, name text);
alter table public.plans enable row level security;
create policy all_see on public.plans for select using (true);
-- twin:
-- dbctl: public
create table public.plans (id bigint primary key, name text);
alter table public.plans enable row level security;
create policy all_see on public.plans for select using (true);
