-- Columns of the type hold values of the attribute.
-- run: plan --local
-- found: line 1: critical drop-attribute:public.plot.place
-- [base]
create type plot as (size integer, place text);
create table houses (id integer, on_plot plot);
create type plan as (size integer, place text);
-- [faulty]
alter type plot drop attribute place;
-- [twin]
alter type plan drop attribute place;
