create table t (a text, id bigserial);
