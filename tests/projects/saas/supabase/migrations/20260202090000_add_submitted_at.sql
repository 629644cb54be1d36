-- When was a candidate put forward? Step 1 of 3: the column, and a trigger that fills it from
-- now on. The next two files fill the old rows and make it a rule.

alter table public.submissions add column if not exists submitted_at timestamptz;
comment on column public.submissions.submitted_at is 'When the submission left the state draft for the first time.';

create or replace function app.stamp_submission()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  -- Only a step out of draft counts: an old row without a time is left to the backfill.
  if new.status <> 'draft' and (tg_op = 'INSERT' or old.status = 'draft') then
    new.submitted_at := coalesce(new.submitted_at, now());
  end if;
  return new;
end
$$;
comment on function app.stamp_submission() is 'Trigger: fills submitted_at of a submission that is a draft no longer.';
revoke execute on function app.stamp_submission() from public;

create or replace trigger stamp_submission
  before insert or update on public.submissions
  for each row execute function app.stamp_submission();
