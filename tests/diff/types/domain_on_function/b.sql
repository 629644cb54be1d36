create function ok(int) returns boolean language sql immutable as 'select true'; create domain d as int check (ok(value)) default 5; create table t(a int, b d);
