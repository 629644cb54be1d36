-- A publication is made without looking.
-- found: twice: line 1: 42710 publication "changes" already exists
-- [base]
create table orders (id bigint primary key);
-- [faulty]
create publication changes for table orders;
-- [twin]
do $$ begin
  if not exists (select from pg_publication where pubname = 'changes') then
    create publication changes for table orders;
  end if;
end $$;
