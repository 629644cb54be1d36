-- Step 2 of 3: old submissions count as submitted when they were made. Rows that have a time
-- keep it, so a second run changes nothing.

update public.submissions
set submitted_at = created_at
where status <> 'draft'
  and submitted_at is null;
