
create foreign data wrapper w validator postgresql_fdw_validator;
comment on foreign data wrapper w is 'w';
grant usage on foreign data wrapper w to pr_app;
