create table t (id int not null generated always as identity, n serial); grant usage on sequence t_id_seq to pr_app; grant usage on sequence t_n_seq to pr_app;
