create table t (id int, o varchar(20), n bigint); alter table t enable row level security;
create policy a on t as permissive for select to public, reader using (o = current_user and id > 1); create policy b on t for update using (true); create policy c on t for all with check (true); create policy d on t using (exists (select from t t2 where t2.id = t.id and t2.n > 1)); create policy e on t as permissive using (n > 0); create policy f on t for delete to reader using (false);
comment on policy a on t is 'aa';
