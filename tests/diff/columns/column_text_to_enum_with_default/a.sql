create table t(s text not null default 'a' check (s in ('a','b'))); insert into t values ('a');
