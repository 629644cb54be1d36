CREATE TYPE sojourn AS RANGE (subtype = date, multirange_type_name = stays);
CREATE TABLE bookings (id integer, nights sojourn, years stays);
CREATE FUNCTION longest(all_of stays) RETURNS sojourn LANGUAGE sql AS $$ SELECT NULL::sojourn $$;
