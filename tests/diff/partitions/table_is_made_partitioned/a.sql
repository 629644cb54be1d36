create table p (a int, b text); create index p_b on p (b);
