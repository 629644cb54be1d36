create type c as (a int, b text); create table t(id int, c c); insert into t values (1,row(1,'x')::c),(2,null);
