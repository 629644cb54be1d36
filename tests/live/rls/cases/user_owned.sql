-- platform: supabase
-- says: tenant-isolation: select of public.notes
-- says: policy mine lets it through
-- fault:
create table public.notes (id bigint generated always as identity primary key, user_id uuid not null references auth.users (id), body text);
alter table public.notes enable row level security;
create policy mine on public.notes for all to authenticated using ((select auth.uid()) is not null) with check (user_id = (select auth.uid()));
-- twin:
create table public.notes (id bigint generated always as identity primary key, user_id uuid not null references auth.users (id), body text);
alter table public.notes enable row level security;
create policy mine on public.notes for all to authenticated using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
