create table t(x text default 'a', y text[]);
