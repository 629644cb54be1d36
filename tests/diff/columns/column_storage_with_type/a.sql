create table t(a text, b int[], c text, d numeric); alter table t alter a set storage plain, alter c set storage main, alter d set storage external;
