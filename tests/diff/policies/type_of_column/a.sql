create table t (id int, who text); create policy p on t for select to pr_app using (id > 0); comment on policy p on t is 'kept';
