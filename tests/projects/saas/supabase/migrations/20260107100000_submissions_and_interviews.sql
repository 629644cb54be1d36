-- A submission puts a candidate forward for a job; interviews follow from it.

do $$
begin
  if to_regtype('public.submission_status') is null then
    create type public.submission_status as enum (
      'draft',
      'submitted',
      'client_review',
      'interview',
      'offer',
      'placed',
      'rejected',
      'withdrawn'
    );
  end if;
end
$$;
comment on type public.submission_status is 'How far a submission has come.';

create table if not exists public.submissions (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null default app.current_org_id()
    references public.organizations (id) on delete cascade,
  job_id uuid not null,
  candidate_id uuid not null,
  recruiter_id uuid,
  status public.submission_status not null default 'draft',
  bill_rate numeric(12, 2),
  pay_rate numeric(12, 2),
  currency text not null default 'USD',
  cover_note text,
  created_at timestamptz not null default now(),
  created_by uuid references auth.users (id) on delete set null,
  updated_at timestamptz not null default now(),
  updated_by uuid references auth.users (id) on delete set null,
  deleted_at timestamptz,
  constraint submissions_org_id_id_key unique (org_id, id),
  constraint submissions_job_fkey foreign key (org_id, job_id)
    references public.jobs (org_id, id) on delete cascade,
  constraint submissions_candidate_fkey foreign key (org_id, candidate_id)
    references public.candidates (org_id, id) on delete cascade,
  constraint submissions_recruiter_fkey foreign key (org_id, recruiter_id)
    references public.organization_members (org_id, user_id) on delete set null (recruiter_id)
    deferrable initially deferred,
  constraint submissions_rates_check check (pay_rate >= 0 and bill_rate >= pay_rate),
  constraint submissions_currency_check check (currency ~ '^[A-Z]{3}$')
);
comment on table public.submissions is 'Candidates put forward for jobs.';
comment on column public.submissions.recruiter_id is 'Member who made the submission and is paid for it.';

create unique index if not exists submissions_job_id_candidate_id_key
  on public.submissions (job_id, candidate_id) where deleted_at is null;
create index if not exists submissions_org_id_job_id_idx on public.submissions (org_id, job_id);
create index if not exists submissions_org_id_candidate_id_idx on public.submissions (org_id, candidate_id);
create index if not exists submissions_org_id_recruiter_id_idx on public.submissions (org_id, recruiter_id);
create index if not exists submissions_org_id_status_idx on public.submissions (org_id, status) where deleted_at is null;
create index if not exists submissions_created_by_idx on public.submissions (created_by);
create index if not exists submissions_updated_by_idx on public.submissions (updated_by);

create or replace trigger set_created_by
  before insert on public.submissions
  for each row execute function app.set_created_by();
create or replace trigger set_updated_at
  before update on public.submissions
  for each row execute function app.set_updated_at();

alter table public.submissions enable row level security;

drop policy if exists submissions_select on public.submissions;
create policy submissions_select on public.submissions
  for select to authenticated
  using (
    org_id in (select app.org_ids_with('submissions.read'))
    and (deleted_at is null or org_id in (select app.org_ids_with('submissions.delete')))
  );
drop policy if exists submissions_insert on public.submissions;
create policy submissions_insert on public.submissions
  for insert to authenticated
  with check (
    org_id in (select app.org_ids_with('submissions.write'))
    and deleted_at is null
  );
drop policy if exists submissions_update on public.submissions;
create policy submissions_update on public.submissions
  for update to authenticated
  using (org_id in (select app.org_ids_with('submissions.write')))
  with check (
    org_id in (select app.org_ids_with('submissions.write'))
    and (deleted_at is null or org_id in (select app.org_ids_with('submissions.delete')))
  );
drop policy if exists submissions_delete on public.submissions;
create policy submissions_delete on public.submissions
  for delete to authenticated
  using (
    deleted_at is not null
    and org_id in (select app.org_ids_with('submissions.delete'))
  );

revoke all on table public.submissions from anon, authenticated;
grant select, insert, update, delete on table public.submissions to authenticated;
grant select, insert, update, delete on table public.submissions to service_role;

create table if not exists public.interviews (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null default app.current_org_id()
    references public.organizations (id) on delete cascade,
  submission_id uuid not null,
  interviewer_name text,
  format text not null default 'video',
  status text not null default 'scheduled',
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  rating integer,
  notes text,
  created_at timestamptz not null default now(),
  created_by uuid references auth.users (id) on delete set null,
  updated_at timestamptz not null default now(),
  updated_by uuid references auth.users (id) on delete set null,
  deleted_at timestamptz,
  constraint interviews_org_id_id_key unique (org_id, id),
  constraint interviews_submission_fkey foreign key (org_id, submission_id)
    references public.submissions (org_id, id) on delete cascade,
  constraint interviews_format_check check (format in ('phone', 'video', 'on_site')),
  constraint interviews_status_check check (status in ('scheduled', 'completed', 'cancelled', 'no_show')),
  constraint interviews_ends_at_check check (ends_at > starts_at),
  constraint interviews_rating_check check (rating between 1 and 5)
);
comment on table public.interviews is 'Conversations between a submitted candidate and the client.';

create index if not exists interviews_org_id_submission_id_idx on public.interviews (org_id, submission_id);
create index if not exists interviews_org_id_starts_at_idx on public.interviews (org_id, starts_at) where deleted_at is null;
create index if not exists interviews_created_by_idx on public.interviews (created_by);
create index if not exists interviews_updated_by_idx on public.interviews (updated_by);

create or replace trigger set_created_by
  before insert on public.interviews
  for each row execute function app.set_created_by();
create or replace trigger set_updated_at
  before update on public.interviews
  for each row execute function app.set_updated_at();

alter table public.interviews enable row level security;

drop policy if exists interviews_select on public.interviews;
create policy interviews_select on public.interviews
  for select to authenticated
  using (
    org_id in (select app.org_ids_with('interviews.read'))
    and (deleted_at is null or org_id in (select app.org_ids_with('interviews.delete')))
  );
drop policy if exists interviews_insert on public.interviews;
create policy interviews_insert on public.interviews
  for insert to authenticated
  with check (
    org_id in (select app.org_ids_with('interviews.write'))
    and deleted_at is null
  );
drop policy if exists interviews_update on public.interviews;
create policy interviews_update on public.interviews
  for update to authenticated
  using (org_id in (select app.org_ids_with('interviews.write')))
  with check (
    org_id in (select app.org_ids_with('interviews.write'))
    and (deleted_at is null or org_id in (select app.org_ids_with('interviews.delete')))
  );
drop policy if exists interviews_delete on public.interviews;
create policy interviews_delete on public.interviews
  for delete to authenticated
  using (
    deleted_at is not null
    and org_id in (select app.org_ids_with('interviews.delete'))
  );

revoke all on table public.interviews from anon, authenticated;
grant select, insert, update, delete on table public.interviews to authenticated;
grant select, insert, update, delete on table public.interviews to service_role;
