
create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype, headline = prsd_headline);
create text search template t (init = dsimple_init, lexize = dsimple_lexize);
create text search dictionary d (template = t, stopwords = english);
create text search configuration c (parser = p);
alter text search configuration c add mapping for word, asciiword with d, simple;
comment on text search parser p is 'p';
comment on text search template t is 't';
comment on text search dictionary d is 'd';
comment on text search configuration c is 'c';
