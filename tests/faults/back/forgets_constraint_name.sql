-- A primary key that got another name keeps it.
-- found: back: constraint
-- [base]
create table users (id bigint constraint pk_users primary key, name text);
-- [faulty]
do $$ begin
  if exists (select from pg_constraint where conname = 'pk_users') then
    alter table users rename constraint pk_users to users_pkey;
    alter table users rename column name to full_name;
  end if;
end $$;
-- [faulty down]
alter table users rename column full_name to name;
-- [twin]
do $$ begin
  if exists (select from pg_constraint where conname = 'pk_users') then
    alter table users rename constraint pk_users to users_pkey;
    alter table users rename column name to full_name;
  end if;
end $$;
-- [twin down]
alter table users rename column full_name to name;
alter table users rename constraint users_pkey to pk_users;
