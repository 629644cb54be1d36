create table t (id int, o text, n int); alter table t enable row level security; alter table t force row level security;
create policy a on t as permissive for select to reader using (o = current_user); create policy b on t for update using (true) with check (id > 0); create policy c on t for insert with check (true); create policy d on t using (exists (select from t t2 where t2.id = t.id)); create policy e on t as restrictive using (n > 0);
comment on policy a on t is 'a';
