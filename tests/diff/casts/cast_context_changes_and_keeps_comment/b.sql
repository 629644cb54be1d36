create type temperature as (degrees double precision);
create cast (temperature as text) with inout as implicit;
comment on cast (temperature as text) is 'as it is written';
