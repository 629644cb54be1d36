create type other as (a integer); create type id; create function idin(cstring) returns id language internal immutable strict as 'int4in'; create function idout(id) returns cstring language internal immutable strict as 'int4out'; create type id (input = idin, output = idout, like = integer);

