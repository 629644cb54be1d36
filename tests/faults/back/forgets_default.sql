-- A changed default is not changed back.
-- found: back: default of public.users.plan changed
-- [base]
create table users (id bigint primary key, plan text default 'free');
-- [faulty]
alter table users alter column plan set default 'trial', alter column plan set not null;
-- [faulty down]
alter table users alter column plan drop not null;
-- [twin]
alter table users alter column plan set default 'trial', alter column plan set not null;
-- [twin down]
alter table users alter column plan drop not null, alter column plan set default 'free';
