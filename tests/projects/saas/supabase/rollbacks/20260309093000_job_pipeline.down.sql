drop view if exists public.job_pipeline;
