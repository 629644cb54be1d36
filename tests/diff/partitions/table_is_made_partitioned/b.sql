create table p (a int, b text) partition by hash (a); create table p0 partition of p for values with (modulus 1, remainder 0); create index p_b on p (b);
