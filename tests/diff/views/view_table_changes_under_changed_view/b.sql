create view o as select 1 as id, 'x'::text as n;
create view v as select id, n from o where id > 0;
