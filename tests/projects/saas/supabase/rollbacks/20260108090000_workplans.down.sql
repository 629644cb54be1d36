-- The publication forgets the table when it is dropped.
drop trigger if exists start_workplans on public.submissions;
drop trigger if exists start_workplans on public.jobs;
drop table if exists public.activities;
drop table if exists public.workplan_instances;
drop table if exists public.activity_pattern_successors;
drop table if exists public.activity_patterns;
drop table if exists public.workplan_templates;
drop function if exists app.advance_workplan();
drop function if exists app.stamp_completion();
drop function if exists app.start_workplans();
