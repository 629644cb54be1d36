-- PostgreSQL cannot drop a value of an enum, so the type is made anew without it. What cannot be
-- undone: cancelled jobs become closed ones, and nothing tells them apart afterwards.
-- The table is rewritten under an exclusive lock.

update public.jobs set status = 'closed' where status = 'cancelled';

drop index if exists public.jobs_org_id_status_idx;
alter table public.jobs alter column status drop default;
alter type public.job_status rename to job_status_with_cancelled;
create type public.job_status as enum (
  'draft',
  'open',
  'on_hold',
  'filled',
  'closed'
);
comment on type public.job_status is 'Where a job stands.';
alter table public.jobs
  alter column status type public.job_status using status::text::public.job_status,
  alter column status set default 'draft';
drop type public.job_status_with_cancelled;
create index if not exists jobs_org_id_status_idx on public.jobs (org_id, status) where deleted_at is null;
