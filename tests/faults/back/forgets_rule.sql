-- A rule is left, and deletes do nothing.
-- found: back: rule no_delete on public.ledger extra
-- [base]
create table ledger (id bigint primary key);
-- [faulty]
create or replace rule no_delete as on delete to ledger do instead nothing;
create or replace rule no_update as on update to ledger do instead nothing;
-- [faulty down]
drop rule no_update on ledger;
-- [twin]
create or replace rule no_delete as on delete to ledger do instead nothing;
create or replace rule no_update as on update to ledger do instead nothing;
-- [twin down]
drop rule no_update on ledger;
drop rule no_delete on ledger;
