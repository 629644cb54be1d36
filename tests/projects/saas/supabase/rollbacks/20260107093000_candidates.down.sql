drop policy if exists resumes_delete on storage.objects;
drop policy if exists resumes_update on storage.objects;
drop policy if exists resumes_insert on storage.objects;
drop policy if exists resumes_select on storage.objects;

-- A bucket with files in it stays: the files are in the object store, out of reach from here.
-- The hosted platform lets a statement delete from storage only after this setting.
set local storage.allow_delete_query = 'true';
delete from storage.buckets as b
where b.id = 'resumes'
  and not exists (select from storage.objects as o where o.bucket_id = b.id);

drop table if exists public.candidates;
drop type if exists public.candidate_status;
