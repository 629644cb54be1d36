-- An update that says the same again fires a trigger that writes a row each time.
-- found: twice: rows of public.audit: 2 rows more than before
-- [base]
create table settings (name text primary key, value text);
create table audit (name text, value text);
insert into settings values ('theme', 'light'), ('font', 'mono');
create function log_setting() returns trigger language plpgsql as $$
begin insert into audit values (new.name, new.value); return new; end $$;
create trigger log_setting after update on settings for each row execute function log_setting();
-- [faulty]
update settings set value = 'dark';
-- [twin]
update settings set value = 'dark' where value is distinct from 'dark';
