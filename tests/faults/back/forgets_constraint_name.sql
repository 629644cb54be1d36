-- A primary key that got another name keeps it.
-- found: back: constraint
-- [base]
create table users (id bigint constraint pk_users primary key, name text);
-- [faulty]
do $$ begin
  if exists (select from pg_constraint where conname = 'pk_users') then
    alter table users rename constraint pk_users to users_pkey;
  end if;
end $$;
alter table users alter column name set default '';
-- [faulty down]
alter table users alter column name drop default;
-- [twin]
do $$ begin
  if exists (select from pg_constraint where conname = 'pk_users') then
    alter table users rename constraint pk_users to users_pkey;
  end if;
end $$;
alter table users alter column name set default '';
-- [twin down]
alter table users alter column name drop default;
alter table users rename constraint users_pkey to pk_users;
