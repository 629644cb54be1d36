-- A view comes back without `security_invoker` and shows everybody everything.
-- found: back: view public.my_notes changed
-- [base]
create table notes (id bigint primary key, owner text);
create view my_notes with (security_barrier) as select id from notes where owner = current_user;
-- [faulty]
create or replace view my_notes with (security_barrier) as select id from notes where owner = session_user;
-- [faulty down]
create or replace view my_notes as select id from notes where owner = current_user;
-- [twin]
create or replace view my_notes with (security_barrier) as select id from notes where owner = session_user;
-- [twin down]
create or replace view my_notes with (security_barrier) as select id from notes where owner = current_user;
