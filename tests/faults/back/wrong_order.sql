-- The table that another one refers to is dropped first.
-- found: back: line 1: 2BP01 cannot drop table albums because other objects depend on it
-- [base]
create table users (id bigint primary key);
-- [faulty]
create table if not exists albums (id bigint primary key);
create table if not exists songs (id bigint primary key, album_id bigint references albums);
-- [faulty down]
drop table albums;
drop table songs;
-- [twin]
create table if not exists albums (id bigint primary key);
create table if not exists songs (id bigint primary key, album_id bigint references albums);
-- [twin down]
drop table songs;
drop table albums;
