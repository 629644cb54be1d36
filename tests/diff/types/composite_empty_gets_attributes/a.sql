CREATE TYPE parcel AS ();
CREATE TABLE shelves OF parcel;
CREATE TABLE depots (id integer, parcel parcel);
