create table t(a int, b bigint); create table log(a text);
create rule r as on update to t where old.b <> new.b do also insert into log values (new.b::text);
alter table t disable rule r; comment on rule r on t is 'kept';
