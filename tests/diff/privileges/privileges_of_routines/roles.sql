create role k3_one;
create role k3_two;
