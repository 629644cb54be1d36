create function flip(boolean) returns boolean language sql as 'select not $1';
create schema app;
