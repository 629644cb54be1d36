create schema "My Schema"; create table "My Schema"."T t"("A" int, "select" text);
create view "My Schema"."V v" as select "A", "select" from "My Schema"."T t";
create view one as select 1, 2 as "?x?", array[1,2] as "a""b";
