alter table public.submissions drop constraint if exists submissions_submitted_at_check;
