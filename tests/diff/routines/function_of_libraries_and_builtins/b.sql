create function low(text) returns text language internal immutable strict cost 5 as 'upper';
create function ranked() returns bigint language internal window immutable as 'window_rank';
create function series(int, int) returns setof int language internal immutable strict support pg_catalog.generate_series_int4_support as 'generate_series_int4';
