create type state as enum ('new', 'done');
create table jobs (id int primary key, state state not null, past state[]);
