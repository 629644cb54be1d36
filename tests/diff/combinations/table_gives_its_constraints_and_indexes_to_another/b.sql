create table people (id int generated always as identity (sequence name accounts_id_seq), mail text, constraint accounts_pkey primary key (id), constraint accounts_mail unique (mail));
create index accounts_words on people (lower(mail));
create view accounts as select 1 as id;
