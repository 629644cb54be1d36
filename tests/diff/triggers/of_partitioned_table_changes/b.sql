create function tf() returns trigger language plpgsql as $$ begin return null; end $$;
create table p (id int, a int) partition by list (id);
create table p1 partition of p for values in (1);
create table p2 partition of p for values in (2) partition by list (a);
create table p21 partition of p2 for values in (1);

create trigger x after insert or update on p for each row execute function tf();
create trigger y after insert on p for each row execute function tf();
create trigger z after insert on p for each row execute function tf();
create trigger s after insert on p for each statement execute function tf();
alter table p1 disable trigger x;
alter table p enable always trigger y;
alter table p1 disable trigger y;
alter table p21 enable replica trigger z;
