create table accounts (id int generated always as identity, mail text, constraint accounts_pkey primary key (id), constraint accounts_mail unique (mail));
create index accounts_words on accounts (lower(mail));
create view people as select 1 as id;
