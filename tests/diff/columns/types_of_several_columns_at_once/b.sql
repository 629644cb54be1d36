create domain share as numeric(5, 2) check (value >= 0);
create table makers (id bigint primary key, code text unique);
create table parts (
    id bigint primary key,
    maker bigint references makers,
    code text references makers (code),
    price double precision default 0,
    weight numeric check (weight > 0),
    made timestamptz default '2020-01-01',
    label bit(3),
    rest share,
    check (price > weight)
);
create index by_price on parts (price, weight) where label <> '000';
create table spares (extra text) inherits (parts);
create view cheap as select id, price, made from parts where weight < 3;
