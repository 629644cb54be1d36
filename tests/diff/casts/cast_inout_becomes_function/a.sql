create type temperature as (degrees double precision);create function as_number(temperature) returns double precision language sql immutable as 'select $1.degrees'; create function as_number2(temperature) returns double precision language sql immutable as 'select $1.degrees + 0';
create cast (temperature as double precision) with inout;
