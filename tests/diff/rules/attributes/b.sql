create table t(a int, b int); create table log(a int); create table "Odd "" one"(a int);
create rule r1 as on delete to t where old.a = 1 do instead (delete from log where a = old.a; update log set a = 2);
create rule r2 as on insert to t do also insert into log values (new.a);
alter table t disable rule r2;
create rule r3 as on update to t where old.a <> new.a do also delete from log;
alter table t enable always rule r3;
create rule "R;""5" as on insert to "Odd "" one" do instead nothing;
alter table "Odd "" one" enable replica rule "R;""5";
comment on rule r1 on t is 'uno'; comment on rule r2 on t is 'two';
