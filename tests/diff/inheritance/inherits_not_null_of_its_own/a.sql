create table over (n int, note text);
