-- A trigger that was disabled for a backfill in the migration is not enabled by its way back.
-- found: back: trigger touch on public.notes changed
-- [base]
create table notes (id bigint primary key, at timestamptz);
create function touch() returns trigger language plpgsql as $$ begin new.at := now(); return new; end $$;
create trigger touch before update on notes for each row execute function touch();
-- [faulty]
alter table notes disable trigger touch;
-- [faulty down]
update notes set at = null where at < '1971-01-01';
-- [twin]
alter table notes disable trigger touch;
-- [twin down]
alter table notes enable trigger touch;
