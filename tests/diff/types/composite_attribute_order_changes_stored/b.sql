create type c as (b text, n int, a int); comment on column c.b is 'b'; comment on type c is 'cc'; create table t(id int, c c);
