create function tf() returns trigger language plpgsql as $$ begin return null; end $$;

create table t (id int, a int);
create trigger x after update of a on t for each row when (new.a > 1) execute function tf();
comment on trigger x on t is 'watching';
create view v as select a from t;
create trigger i instead of insert on v for each row execute function tf();
