create table t(a int, b int); create table log(a int);
create rule r1 as on delete to t do instead nothing;
create rule r2 as on insert to t do also insert into log values (new.a);
create rule r3 as on update to t where old.a <> new.a do also delete from log;
create rule r4 as on update to t do nothing;
comment on rule r1 on t is 'one';
