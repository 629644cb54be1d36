create type c as (a int, b text, d text); create table t(id int, c c, cc c[]); insert into t values (1,row(1,'x','9')::c,array[row(1,'x','9')::c]),(2,null,null);
