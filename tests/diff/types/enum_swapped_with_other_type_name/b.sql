create domain e as int check (value > 0); create table t(x e);
