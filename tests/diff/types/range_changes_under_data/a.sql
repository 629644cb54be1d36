create type fr as range (subtype = float8); create table t(r fr default '[1,2]', m fr_multirange); insert into t values ('[1,2]','{[1,2]}');
