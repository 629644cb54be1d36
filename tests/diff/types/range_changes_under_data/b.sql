create type fr as range (subtype = float8, subtype_diff = float8mi); create table t(r fr default '[1,2]', m fr_multirange);
