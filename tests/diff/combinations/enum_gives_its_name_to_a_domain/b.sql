create domain state as text check (value <> '');
create table jobs (id int primary key, state state not null, past state[]);
