create function tf() returns trigger language plpgsql as $$ begin return null; end $$;

create table p (id int, a int) partition by list (id);
create table p1 (id int, a int);
create trigger x after insert on p1 for each row execute function tf();
create table p2 partition of p for values in (2) partition by list (a);
create table p21 partition of p2 for values in (1);
create table p22 partition of p2 for values in (3);
create trigger x after insert on p for each row execute function tf();
alter table p22 disable trigger x;
