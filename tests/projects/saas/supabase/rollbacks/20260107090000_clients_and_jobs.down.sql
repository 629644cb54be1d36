drop table if exists public.jobs;
drop type if exists public.job_status;
drop table if exists public.user_clients;
drop table if exists public.clients;
