
create text search template t (lexize = dsimple_lexize, init = dsimple_init);
create text search dictionary d (template = t);
create text search configuration c (copy = simple);
alter text search configuration c alter mapping for word with d;
