-- purpose: security labels
select l.classoid as class, l.objoid as oid, l.objsubid as part, l.provider, l.label as text
from pg_seclabel l
where l.objoid >= 16384
