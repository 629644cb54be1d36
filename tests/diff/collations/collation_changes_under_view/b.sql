create collation s (provider = icu, locale = 'sv'); create table t(n text collate s); create view v as select n, n < 'a' as l from t; create view u as select 'x' collate s as y;
