-- purpose: comments
select d.classoid as class, d.objoid as oid, d.objsubid as part, d.description as text
from pg_description d
where d.objoid >= 16384 or d.classoid = 'pg_namespace'::regclass
