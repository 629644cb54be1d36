create type "E's" as enum ('it''s', 'new "one"', 'a\b', ' add value '); create table t(x "E's" default ' add value ');
