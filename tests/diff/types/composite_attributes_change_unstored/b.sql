create type c as (a bigint, b text collate "C", e numeric(4,2));
