-- One line for each job that somebody still works on, with its submissions by state.
-- security_invoker: the reader's own policies decide which jobs and submissions count.

create or replace view public.job_pipeline
with (security_invoker = true)
as
select
  j.id as job_id,
  j.org_id,
  j.client_id,
  j.title,
  j.status,
  j.openings,
  count(s.id) as submission_count,
  count(s.id) filter (where s.status in ('submitted', 'client_review')) as under_review_count,
  count(s.id) filter (where s.status = 'interview') as interview_count,
  count(s.id) filter (where s.status = 'offer') as offer_count,
  count(s.id) filter (where s.status = 'placed') as placed_count,
  max(s.submitted_at) as last_submitted_at
from public.jobs as j
left join public.submissions as s
  on s.org_id = j.org_id and s.job_id = j.id and s.deleted_at is null
where j.deleted_at is null
  and j.status not in ('closed', 'cancelled')
group by j.id;
comment on view public.job_pipeline is 'Jobs neither closed nor cancelled, with the number of their submissions by state.';

revoke all on table public.job_pipeline from anon, authenticated;
grant select on table public.job_pipeline to authenticated;
grant select on table public.job_pipeline to service_role;
