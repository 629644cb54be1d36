CREATE TYPE stay AS RANGE (subtype = date, multirange_type_name = stays);
CREATE TABLE bookings (id integer, nights stay, years stays);
CREATE FUNCTION longest(all_of stays) RETURNS stay LANGUAGE sql AS $$ SELECT NULL::stay $$;
