
create text search configuration c (copy = english);
alter text search configuration c drop mapping for email, url;
alter text search configuration c alter mapping for word with simple, english_stem;
alter text search configuration c drop mapping for int;
alter text search configuration c add mapping for int with english_stem;
alter text search configuration c add mapping for tag, blank with simple;
