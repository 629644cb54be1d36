-- A text grows with each run.
-- found: twice: rows of public.posts: as many rows as before, with other values
-- [base]
create table posts (id bigint primary key, body text not null);
insert into posts values (1, 'hello');
-- [faulty]
update posts set body = body || E'\n-- moved from the old forum';
-- [twin]
update posts set body = body || E'\n-- moved from the old forum' where body not like '%-- moved from the old forum';
