create table p (a varchar(50) collate "C", b bigint, c int) partition by range (lower(a), b);
create table p1 partition of p for values from ('a', 0) to ('m', 0);
create view v as select a, b from p; create index pi on p (c); grant select on p to public; comment on table p is 'p';
alter table p enable row level security; create policy pol on p using (c > 0);
create publication pub for table p;
create function tg() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger tr after insert on p for each row execute function tg();
alter table p1 disable trigger tr;
