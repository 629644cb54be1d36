drop trigger if exists stamp_submission on public.submissions;
drop function if exists app.stamp_submission();
alter table public.submissions drop column if exists submitted_at;
