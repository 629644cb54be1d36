-- What was unique for each tenant is to be so for all.
-- run: verify 2 --with-data
-- found: data: line 1: 23505 could not create unique index "users_email"
-- [base]
create table tenants (id bigint primary key);
create table users (tenant_id bigint not null references tenants, email text not null, unique (tenant_id, email));
-- [faulty]
create unique index if not exists users_email on users (email);
-- [twin]
create unique index if not exists users_email on users (email, tenant_id);
