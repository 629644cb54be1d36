CREATE TYPE parcel AS (weight integer, label text);
CREATE TABLE shelves OF parcel;
CREATE TABLE depots (id integer, parcel parcel);
