create domain d as text collate "POSIX"; create table t(x d primary key);
