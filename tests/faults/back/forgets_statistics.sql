-- Extended statistics are left.
-- found: back: statistics public.places_city_zip extra
-- [base]
create table places (city text, zip text);
-- [faulty]
create statistics if not exists places_city_zip (dependencies) on city, zip from places;
create index if not exists places_zip on places (zip);
-- [faulty down]
drop index places_zip;
-- [twin]
create statistics if not exists places_city_zip (dependencies) on city, zip from places;
create index if not exists places_zip on places (zip);
-- [twin down]
drop index places_zip;
drop statistics places_city_zip;
