alter default privileges grant select on tables to pr_app; alter default privileges grant usage on sequences to pr_app;
