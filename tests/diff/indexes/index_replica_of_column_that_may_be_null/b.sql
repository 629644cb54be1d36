create table note (id int, extra text not null);
create unique index note_id on note (id);
create unique index note_extra on note (extra);
alter table note replica identity using index note_extra;
create table more (id int);
create unique index more_id on more (id);
alter table more replica identity full;
