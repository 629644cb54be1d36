-- The attribute of the type is a column of a table, which goes with its values.
-- run: plan --local
-- found: line 1: critical drop-column:public.plots.place
-- [base]
create type plot as (size integer, place text);
create table plots of plot;
create type plan as (size integer, place text);
-- [faulty]
alter type plot drop attribute place cascade;
-- [twin]
alter type plan drop attribute place cascade;
