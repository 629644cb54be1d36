create schema app; create table app.old (id int);
