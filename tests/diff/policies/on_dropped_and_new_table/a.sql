create table t (id int); create table m (id int); create policy p on t using (exists (select 1 from m where m.id = t.id));
