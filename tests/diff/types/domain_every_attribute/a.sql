create domain d as varchar(10) collate "C" default 'x' not null constraint one check (value <> ''); comment on domain d is 'd'; comment on constraint one on domain d is 'o'; create table t(d d);
