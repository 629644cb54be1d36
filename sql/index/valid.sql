-- purpose: an index of a table by its name, and whether it is valid
-- params: $1 text the table as written, $2 text the index as written
-- since: 14
select built.indexrelid::regclass::text as name, built.indisvalid
from pg_catalog.pg_index as built
join pg_catalog.pg_class as class on class.oid = built.indexrelid
where built.indrelid = to_regclass($1)
  and class.relname = (parse_ident($2))[array_upper(parse_ident($2), 1)];
