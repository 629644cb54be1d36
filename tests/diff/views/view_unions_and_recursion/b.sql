create table t(id int, up int, name text);
create recursive view r(id, up, name) as select id, up, name from t union all select t.id, t.up, t.name from t join r on r.id = t.up;
create view u(x, y) as select id, up from t union select 1, 2 order by 1 limit 3;
create view values_view(k, v) as values (1, 'a'), (2, 'b;');
create view l as select t.id, s.n from t cross join lateral (select count(*) as n from t t2 where t2.up = t.id) s(n);
create view win as select id, row_number() over w as n from t window w as (partition by up order by id);
