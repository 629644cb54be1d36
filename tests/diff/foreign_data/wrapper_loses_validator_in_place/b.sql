
create foreign data wrapper w options (debug 'true');
create server s foreign data wrapper w options (host 'a');
