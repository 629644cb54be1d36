-- The people an organization places, and the private bucket for their resumes.

do $$
begin
  if to_regtype('public.candidate_status') is null then
    create type public.candidate_status as enum (
      'sourced',
      'bench_available',
      'client_interview',
      'placed_active',
      'archived'
    );
  end if;
end
$$;
comment on type public.candidate_status is 'Where a candidate stands; shown in drop-downs.';

create table if not exists public.candidates (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null default app.current_org_id()
    references public.organizations (id) on delete cascade,
  full_name text not null,
  email text,
  phone text,
  headline text,
  location text,
  status public.candidate_status not null default 'sourced',
  source text not null default 'direct',
  skills text[] not null default '{}'::text[],
  experience_years numeric(4, 1),
  resume_path text,
  details jsonb not null default '{}'::jsonb,
  created_at timestamptz not null default now(),
  created_by uuid references auth.users (id) on delete set null,
  updated_at timestamptz not null default now(),
  updated_by uuid references auth.users (id) on delete set null,
  deleted_at timestamptz,
  constraint candidates_org_id_id_key unique (org_id, id),
  constraint candidates_full_name_check check (length(full_name) between 1 and 200),
  constraint candidates_email_check check (email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
  constraint candidates_source_check check (source in ('direct', 'referral', 'job_board', 'agency', 'event')),
  constraint candidates_experience_years_check check (experience_years between 0 and 80),
  constraint candidates_details_check check (jsonb_typeof(details) = 'object')
);
comment on table public.candidates is 'People who may be submitted to jobs; each organization has its own.';
comment on column public.candidates.resume_path is 'Name of the object in the bucket resumes: organization id, slash, file name.';

create unique index if not exists candidates_org_id_email_key
  on public.candidates (org_id, lower(email)) where deleted_at is null;
create index if not exists candidates_org_id_status_idx on public.candidates (org_id, status) where deleted_at is null;
create index if not exists candidates_skills_idx on public.candidates using gin (skills) where deleted_at is null;
create index if not exists candidates_created_by_idx on public.candidates (created_by);
create index if not exists candidates_updated_by_idx on public.candidates (updated_by);

create or replace trigger set_created_by
  before insert on public.candidates
  for each row execute function app.set_created_by();
create or replace trigger set_updated_at
  before update on public.candidates
  for each row execute function app.set_updated_at();

alter table public.candidates enable row level security;

drop policy if exists candidates_select on public.candidates;
create policy candidates_select on public.candidates
  for select to authenticated
  using (
    org_id in (select app.org_ids_with('candidates.read'))
    and (deleted_at is null or org_id in (select app.org_ids_with('candidates.delete')))
  );
drop policy if exists candidates_insert on public.candidates;
create policy candidates_insert on public.candidates
  for insert to authenticated
  with check (
    org_id in (select app.org_ids_with('candidates.write'))
    and deleted_at is null
  );
drop policy if exists candidates_update on public.candidates;
create policy candidates_update on public.candidates
  for update to authenticated
  using (org_id in (select app.org_ids_with('candidates.write')))
  with check (
    org_id in (select app.org_ids_with('candidates.write'))
    and (deleted_at is null or org_id in (select app.org_ids_with('candidates.delete')))
  );
drop policy if exists candidates_delete on public.candidates;
create policy candidates_delete on public.candidates
  for delete to authenticated
  using (
    deleted_at is not null
    and org_id in (select app.org_ids_with('candidates.delete'))
  );

revoke all on table public.candidates from anon, authenticated;
grant select, insert, update, delete on table public.candidates to authenticated;
grant select, insert, update, delete on table public.candidates to service_role;

-- Resumes: files lie under a folder named like the organization's id.
insert into storage.buckets (id, name, public)
values ('resumes', 'resumes', false)
on conflict (id) do nothing;

drop policy if exists resumes_select on storage.objects;
create policy resumes_select on storage.objects
  for select to authenticated
  using (
    bucket_id = 'resumes'
    and (storage.foldername(name))[1] in (
      select ids.org_id::text from app.org_ids_with('candidates.read') as ids (org_id)
    )
  );
drop policy if exists resumes_insert on storage.objects;
create policy resumes_insert on storage.objects
  for insert to authenticated
  with check (
    bucket_id = 'resumes'
    and (storage.foldername(name))[1] in (
      select ids.org_id::text from app.org_ids_with('candidates.write') as ids (org_id)
    )
  );
drop policy if exists resumes_update on storage.objects;
create policy resumes_update on storage.objects
  for update to authenticated
  using (
    bucket_id = 'resumes'
    and (storage.foldername(name))[1] in (
      select ids.org_id::text from app.org_ids_with('candidates.write') as ids (org_id)
    )
  )
  with check (
    bucket_id = 'resumes'
    and (storage.foldername(name))[1] in (
      select ids.org_id::text from app.org_ids_with('candidates.write') as ids (org_id)
    )
  );
drop policy if exists resumes_delete on storage.objects;
create policy resumes_delete on storage.objects
  for delete to authenticated
  using (
    bucket_id = 'resumes'
    and (storage.foldername(name))[1] in (
      select ids.org_id::text from app.org_ids_with('candidates.delete') as ids (org_id)
    )
  );
