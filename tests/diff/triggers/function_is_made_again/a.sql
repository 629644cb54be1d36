create function tf() returns trigger language plpgsql as $$ begin return null; end $$;

create table t (id int);
create trigger x after insert on t for each row execute function tf();
create trigger y after insert on t for each row execute function tf();
alter table t disable trigger y;
