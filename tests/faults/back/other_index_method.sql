-- An index on a document comes back as a b-tree.
-- found: back: index public.pages_tags changed
-- [base]
create table pages (id bigint primary key, tags jsonb);
create index pages_tags on pages using gin (tags jsonb_path_ops);
-- [faulty]
drop index if exists pages_tags;
-- [faulty down]
create index pages_tags on pages using gin (tags);
-- [twin]
drop index if exists pages_tags;
-- [twin down]
create index pages_tags on pages using gin (tags jsonb_path_ops);
