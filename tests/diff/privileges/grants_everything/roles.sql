create role reader;
create role writer;
