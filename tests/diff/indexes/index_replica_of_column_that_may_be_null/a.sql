create table note (id int not null, extra text not null);
create unique index note_id on note (id);
create unique index note_extra on note (extra);
alter table note replica identity using index note_id;
create table more (id int not null);
create unique index more_id on more (id);
alter table more replica identity using index more_id;
