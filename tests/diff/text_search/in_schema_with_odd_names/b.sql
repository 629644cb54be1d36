
create schema "Odd One";
create text search dictionary "Odd One"."D d" (template = simple, accept = false, stopwords = english);
create text search configuration "Odd One"."C" (copy = simple);
alter text search configuration "Odd One"."C" alter mapping for word with "Odd One"."D d";
