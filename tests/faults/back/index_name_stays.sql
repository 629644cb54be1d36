-- The column is renamed back, and its index keeps the new name.
-- found: back: index public.users_email_idx extra
-- found: back: index public.users_mail_idx missing
-- found: again: line 1: 42P01 relation "users_mail_idx" does not exist
-- [base]
create table users (id bigint primary key, mail text);
create index users_mail_idx on users (mail);
-- [faulty]
do $$ begin
  if exists (select from information_schema.columns where table_name = 'users' and column_name = 'mail') then
    alter table users rename column mail to email;
    alter index users_mail_idx rename to users_email_idx;
  end if;
end $$;
-- [faulty down]
alter table users rename column email to mail;
-- [twin]
do $$ begin
  if exists (select from information_schema.columns where table_name = 'users' and column_name = 'mail') then
    alter table users rename column mail to email;
    alter index users_mail_idx rename to users_email_idx;
  end if;
end $$;
-- [twin down]
alter table users rename column email to mail;
alter index users_email_idx rename to users_mail_idx;
