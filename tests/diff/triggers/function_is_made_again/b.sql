create function tf2() returns trigger language plpgsql as $$ begin return null; end $$;
create table t (id int);
create trigger x after insert on t for each row execute function tf2();
create trigger y after insert on t for each row execute function tf2();
alter table t disable trigger y;
