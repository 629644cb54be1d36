-- A trigger comes back for inserts only.
-- found: back: trigger check_note on public.notes changed
-- [base]
create table notes (id bigint primary key);
create function check_note() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger check_note before insert or update on notes for each row execute function check_note();
-- [faulty]
drop trigger if exists check_note on notes;
-- [faulty down]
create trigger check_note before insert on notes for each row execute function check_note();
-- [twin]
drop trigger if exists check_note on notes;
-- [twin down]
create trigger check_note before insert or update on notes for each row execute function check_note();
