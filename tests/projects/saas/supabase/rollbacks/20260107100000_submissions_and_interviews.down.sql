drop table if exists public.interviews;
drop table if exists public.submissions;
drop type if exists public.submission_status;
