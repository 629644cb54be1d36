create function tf() returns trigger language plpgsql as $$ begin return null; end $$;

create table t (id int primary key, a int, b text, "C d" int);
create view v as select * from t;
create foreign data wrapper w;
