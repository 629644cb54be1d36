create type "E's" as enum ('it''s', 'a\b'); create table t(x "E's");
