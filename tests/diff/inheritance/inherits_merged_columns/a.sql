create table whole (n int, note text compression pglz, extra text);
alter table whole alter extra set storage external;
