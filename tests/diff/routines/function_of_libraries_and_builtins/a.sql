create function low(text) returns text language internal immutable strict as 'lower';
