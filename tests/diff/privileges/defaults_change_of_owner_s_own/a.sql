alter default privileges for role pr_owner revoke insert on tables from pr_owner; alter default privileges for role pr_owner grant select on tables to pr_app with grant option;
