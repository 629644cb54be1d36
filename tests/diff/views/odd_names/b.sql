create schema "My Schema"; create table "My Schema"."T t"("A" bigint, "select" text);
create view "My Schema"."V v" as select "A", "select" from "My Schema"."T t";
comment on column "My Schema"."V v"."A" is 'x';
create view one as select 1, 2 as "?x?", array[1,2] as "a""b", 1 as "from";
create view none as select;
