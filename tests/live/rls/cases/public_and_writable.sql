-- platform: supabase
-- says: unauthenticated-see-nothing
-- says: policy all_do lets it through
-- fault:
-- dbctl: public
create table public.plans (id bigint primary key, name text);
alter table public.plans enable row level security;
create policy all_do on public.plans for all using (true) with check (true);
-- twin:
-- dbctl: public
create table public.plans (id bigint primary key, name text);
alter table public.plans enable row level security;
create policy all_do on public.plans for select using (true);
