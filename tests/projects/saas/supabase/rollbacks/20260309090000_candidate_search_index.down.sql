-- dbctl: no-transaction

drop index concurrently if exists public.candidates_full_name_trgm_idx;
