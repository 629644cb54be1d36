
create foreign data wrapper w;
create server s foreign data wrapper w options (host 'b', dbname 'it''s \\ here');
grant usage on foreign server s to pr_app with grant option;
comment on server s is 's';
