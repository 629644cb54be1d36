create function add(int, int) returns int language sql immutable as $$ select coalesce($1, 0) + $2 $$;
create function sub(int, int) returns int language sql immutable as $$ select coalesce($1, 0) - $2 $$;
create function last(int) returns int language sql immutable as $$ select $1 $$;
create function lastx(int, int) returns int language sql immutable as $$ select $1 $$;
create function one(bigint) returns bigint language sql immutable as $$ select $1 + 1 $$;
create aggregate total(int) (sfunc = add, stype = int, sspace = 40, finalfunc = last, finalfunc_modify = shareable, combinefunc = add,
  initcond = '1', msfunc = add, minvfunc = sub, mstype = int, msspace = 8, mfinalfunc = lastx, mfinalfunc_extra,
  mfinalfunc_modify = read_write, minitcond = '0', parallel = safe);
create view v as select total(n) from (values (1)) x (n);
create aggregate counted(*) (sfunc = one, stype = bigint, initcond = '0');
comment on aggregate counted(*) is 'rows';
revoke all on function counted() from public;
create aggregate highest(int) (sfunc = int4larger, stype = int, sortop = >);
create function add3(int, int, text) returns int language sql as $$ select 1 $$;
create aggregate named(a int, b text) (sfunc = add3, stype = int);
create aggregate mid(double precision order by anyelement) (sfunc = ordered_set_transition, stype = internal,
  finalfunc = percentile_disc_final, finalfunc_extra);
create aggregate ranked(variadic "any" order by variadic "any") (sfunc = ordered_set_transition_multi, stype = internal,
  finalfunc = rank_final, finalfunc_extra, hypothetical);
comment on aggregate ranked(variadic "any" order by variadic "any") is 'hypothetical';
create aggregate joined(text) (sfunc = textcat, stype = text, initcond = '');
create aggregate avg_of(numeric) (sfunc = numeric_avg_accum, stype = internal, finalfunc = numeric_avg, combinefunc = numeric_avg_combine,
  serialfunc = numeric_avg_serialize, deserialfunc = numeric_avg_deserialize, parallel = restricted);
