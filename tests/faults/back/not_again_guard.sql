-- The guard of the migration looks for what the way back leaves: applied again, it does nothing.
-- found: again: column public.users.plan missing
-- found: back: type public.plan extra
-- [base]
create table users (id bigint primary key);
-- [faulty]
do $$ begin
  if to_regtype('plan') is null then
    create type plan as enum ('free', 'team');
    alter table users add column plan plan;
  end if;
end $$;
-- [faulty down]
alter table users drop column plan;
-- [twin]
do $$ begin
  if to_regtype('plan') is null then
    create type plan as enum ('free', 'team');
    alter table users add column plan plan;
  end if;
end $$;
-- [twin down]
alter table users drop column plan;
drop type plan;
