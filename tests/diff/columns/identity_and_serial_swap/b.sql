create table t (id serial, n int not null generated always as identity); grant select on sequence t_id_seq to pr_app; grant usage on sequence t_n_seq to pr_app; comment on sequence t_n_seq is 'n';
