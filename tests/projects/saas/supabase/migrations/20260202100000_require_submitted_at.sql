-- dbctl: no-transaction
-- Step 3 of 3: no submission without a time. Each statement commits by itself: the short
-- exclusive lock that adds the rule is gone before all rows are read to check it.

do $$
begin
  if not exists (
    select
    from pg_catalog.pg_constraint
    where conrelid = 'public.submissions'::regclass and conname = 'submissions_submitted_at_check'
  ) then
    alter table public.submissions
      add constraint submissions_submitted_at_check
      check (status = 'draft' or submitted_at is not null) not valid;
  end if;
end
$$;

alter table public.submissions validate constraint submissions_submitted_at_check;
