create table t(a bigint, g bigint generated always as (a + 1) stored);
