-- Another collation keeps the rows and builds the index anew.
-- run: plan --local
-- found: line 1:
-- [base]
create table words (word text);
create index words_word on words (word);
-- [faulty]
alter table words alter column word type text collate "C";
-- [twin]
alter table words alter column word set storage external;
