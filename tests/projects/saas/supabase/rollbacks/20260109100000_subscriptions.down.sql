drop trigger if exists start_trial on public.organizations;
drop function if exists app.start_trial();
drop table if exists public.subscriptions;
drop type if exists public.subscription_status;
