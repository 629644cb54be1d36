-- A column is renamed without looking whether it still has the old name.
-- found: twice: line 1: 42703 column "mail" does not exist
-- [base]
create table users (id bigint primary key, mail text not null);
-- [faulty]
alter table users rename column mail to email;
-- [twin]
do $$ begin
  if exists (select from information_schema.columns where table_name = 'users' and column_name = 'mail') then
    alter table users rename column mail to email;
  end if;
end $$;
