-- dbctl: no-transaction
-- Search for a part of a candidate's name, without blocking writes while the index is built.
-- An attempt that broke off leaves an invalid index behind, which `if not exists` would keep:
-- so whatever is there goes first.

drop index concurrently if exists public.candidates_full_name_trgm_idx;

create index concurrently if not exists candidates_full_name_trgm_idx
  on public.candidates using gin (full_name extensions.gin_trgm_ops)
  where deleted_at is null;
