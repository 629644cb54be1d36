-- Takes back what the backfill wrote. A row that was made as submitted since then has the same
-- time, and gets it again when the backfill runs again.

update public.submissions
set submitted_at = null
where status <> 'draft'
  and submitted_at = created_at;
