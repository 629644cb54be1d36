create role keeper;
