//! `function-search-path`: a function that finds its names by the caller's search path.

use super::ask::search_path;
use crate::diagnostic::Level;
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "function-search-path",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Warning,
    opt_in: false,
    condition: "a function does not fix its search path (those with SECURITY DEFINER: see `secdef-search-path`)",
    effect: "which tables, functions and operators its body means depends on who calls it: the same call works here and fails there, or \
             finds an object that somebody has put in front",
    remedy: "write `set search_path = ''` and every name in the body with its schema",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/ddl-schemas.html#DDL-SCHEMAS-PATH",
        "https://supabase.com/docs/guides/database/database-linter?lint=0011_function_search_path_mutable",
    ],
    bad: &["create schema app;\n\
         create function app.touch() returns trigger language plpgsql as $$\nbegin\n  new.updated_at := now();\n  return new;\nend\n$$;\n"],
    good: &[
        "create schema app;\n\
         create function app.touch() returns trigger language plpgsql set search_path = '' as $$\n\
         begin\n  new.updated_at := now();\n  return new;\nend\n$$;\n",
        "create schema app;\n\
         create function app.one() returns integer language sql immutable as $$ select 1 $$;\n-- then\n\
         alter function app.one() set search_path = '';\n",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for function in search_path::functions(cx) {
        if function.security_definer || search_path::fixed(function).is_some() {
            continue;
        }
        let finding = cx
            .finding(
                function.created,
                format!(
                    "what `{}` means by its names depends on who calls it: its search path is not fixed",
                    function.name
                ),
            )
            .label("no `set search_path`")
            .about(format!("{}{}", function.name, function.signature()));
        out.push(search_path::mended(cx, function, finding));
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::{Config, example, lint, parse_all};

    #[test]
    fn what_an_index_is_computed_with_is_not_changed_safely() {
        let function = "create function public.low(t text) returns text language sql as $$ select lower(t) $$;\n\
                        create table public.a (id bigint primary key, t text);\n";
        let is_unsafe = |rest: &str| {
            let mut config = Config::default();
            config.only.insert("function-search-path".to_owned());
            let found = lint(&parse_all(example::inputs(&format!("{function}{rest}"))), &config).findings;
            found.iter().find_map(|it| it.fix.as_ref()).is_some_and(|fix| fix.is_unsafe)
        };
        assert!(!is_unsafe(""));
        for rest in [
            "create index on public.a (low(t));",
            "create index on public.a (id) where public.low(t) = 'x';",
            "alter table public.a add constraint c check (low(t) <> '');",
            "create policy p on public.a using (low(t) = 'x');",
            "alter table public.a add column g text generated always as (low(t)) stored;",
        ] {
            assert!(is_unsafe(rest), "{rest}");
        }
    }
}
