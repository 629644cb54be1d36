create table x (a int not null primary key, b int, constraint p_b_check check (b > 0)); create index x_b_idx on x (b);
