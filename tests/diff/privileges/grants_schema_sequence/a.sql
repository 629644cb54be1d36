create schema s; create sequence q; grant usage on schema s to pr_app; grant all on sequence q to pr_app;
