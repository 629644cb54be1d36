create domain share as numeric(5, 2);
create table makers (id integer primary key, code varchar(10) unique);
create table parts (
    id integer primary key,
    maker integer references makers,
    code varchar(10) references makers (code),
    price numeric(10, 4) default 0,
    weight real check (weight > 0),
    made timestamp default '2020-01-01',
    label text,
    rest share,
    check (price > weight)
);
create index by_price on parts (price, weight) where label <> '';
create table spares (extra text) inherits (parts);
create view cheap as select id, price, made from parts where weight < 3;
insert into makers values (1, 'a');
insert into parts values (1, 1, 'a', 9.5, 1, now(), '101', 1.5);
