create function flip(boolean) returns boolean language sql as 'select not $1';
create schema app;
create operator app.!! (function = public.flip, rightarg = boolean);
comment on operator app.!! (none, boolean) is 'turns it round';
