alter default privileges grant usage on schemas to pr_app; create schema one; create schema two; revoke usage on schema two from pr_app; create table t (id int);
