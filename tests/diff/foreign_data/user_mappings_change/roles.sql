CREATE ROLE pr_app;
CREATE ROLE "odd user";
