create domain d as text default '1' check (value <> '0'); create domain dd as d; create table t(x d default '2', y d[], z dd);
