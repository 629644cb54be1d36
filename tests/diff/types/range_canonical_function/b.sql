create type r; create function canon(r) returns r language internal immutable strict as 'int4range_canonical'; create type r as range (subtype = int4, canonical = canon);
