
create access method tree type index handler bthandler;
comment on access method tree is 'a tree';
create operator family f using tree;
