create role "Some Body";
