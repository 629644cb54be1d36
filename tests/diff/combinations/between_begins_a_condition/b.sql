create table t (a int, b int, c text, primary key (a),
    constraint range check (a between 1 and 5 and b > 2),
    constraint words check (lower(c) between 'a and (' and c || 'z' and b > 2 and a > 1));
alter table t enable row level security;
create policy p on t using (b between 0 and a and c is not null);
create index i on t (a) where b between 1 and 9 and c is not null;
create view v as select a from t where a between 1 and 3 and b between 2 and 4;
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger g before insert on t for each row when (new.a between 1 and 5 and new.b > 1) execute function f();
