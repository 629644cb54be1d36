create table p (id int, word text);
