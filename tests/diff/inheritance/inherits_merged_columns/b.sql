create table whole (n int, note text compression pglz, extra text, twice int generated always as (n * 2) stored);
alter table whole alter extra set storage external;
create table whole_one () inherits (whole);
create table whole_two (n int, note text, twice int) inherits (whole);
alter table whole_two alter note set compression default;
alter table whole_two alter extra set storage extended;
create table whole_three (extra text) inherits (whole);
alter table whole_three alter extra set storage extended, alter note set compression default;
