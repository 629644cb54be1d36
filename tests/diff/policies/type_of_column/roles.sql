create role pr_app;
create role pr_owner;
create role pr_other;
