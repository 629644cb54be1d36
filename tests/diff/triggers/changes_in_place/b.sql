create function tf() returns trigger language plpgsql as $$ begin return null; end $$;

create table t (id int primary key, a int);
create trigger x before insert or update of a on t for each row execute function tf('1');
create trigger y before insert on t for each row execute function tf();
create trigger z before insert on t for each row when (new.a > 1) execute function tf();
create trigger s before insert on t for each statement execute function tf();
create constraint trigger c after insert on t deferrable initially deferred for each row execute function tf();
alter table t disable trigger x;
alter table t enable always trigger z;
alter table t enable replica trigger c;
comment on trigger x on t is 'kept';
comment on trigger c on t is 'kept too';
