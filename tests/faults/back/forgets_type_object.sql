-- The column goes, its enum stays.
-- found: back: type public.plan extra
-- [base]
create table users (id bigint primary key);
-- [faulty]
do $$ begin
  if to_regtype('plan') is null then create type plan as enum ('free', 'team'); end if;
end $$;
alter table users add column if not exists plan plan not null default 'free';
-- [faulty down]
alter table users drop column plan;
-- [twin]
do $$ begin
  if to_regtype('plan') is null then create type plan as enum ('free', 'team'); end if;
end $$;
alter table users add column if not exists plan plan not null default 'free';
-- [twin down]
alter table users drop column plan;
drop type plan;
