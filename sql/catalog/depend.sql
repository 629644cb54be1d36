-- purpose: what needs what, of the objects that are not PostgreSQL's own
-- params: none; 16384 is the first oid that is given to users' objects
select
  d.classid as class,
  d.objid as oid,
  d.objsubid as part,
  d.refclassid as needs_class,
  d.refobjid as needs_oid,
  d.refobjsubid as needs_part,
  d.deptype as how
from pg_depend d
where d.objid >= 16384 and d.refobjid >= 16384
