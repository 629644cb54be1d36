//! `extension-schema`: an extension whose functions land in an exposed schema.

use crate::diagnostic::Level;
use crate::lint::{Check, Edit, EventCx, Findings, Fix, Fixable, Group, Preset, Profile, Rule, RuleOption};
use crate::sql::ast::StmtKind;
use crate::text::bare_ident;

/// The options' names.
const SCHEMA: &str = "schema";
const ALLOW: &str = "allow";
const PINNED: &str = "pinned";

pub(super) static RULE: Rule = Rule {
    id: "extension-schema",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Warning,
    opt_in: false,
    condition: "`create extension` without a schema, or into `public`",
    effect: "all its functions, operators and types land in the schema that the API shows: clients can call them, and they shadow your own",
    remedy: "create it `with schema extensions`",
    lock: None,
    fix: Fixable::Safe,
    options: &[
        RuleOption { name: SCHEMA, preset: Preset::Text("extensions"), help: "the schema for extensions" },
        RuleOption {
            name: ALLOW,
            preset: Preset::List(&[]),
            help: "the only extensions that may be created; all when empty",
        },
        RuleOption { name: PINNED, preset: Preset::Flag(false), help: "whether a version must be written" },
    ],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-createextension.html",
        "https://supabase.com/docs/guides/database/database-linter?lint=0014_extension_in_public",
    ],
    bad: &["create extension if not exists pg_trgm;\n", "create extension if not exists citext with schema public;\n"],
    good: &[
        "create extension if not exists pg_trgm with schema extensions;\n",
        "create extension if not exists plpgsql;\n",
    ],
    checks: &[Check::Statement(check)],
};

/// Extensions that bring a schema of their own, or must stand in `pg_catalog`.
const OWN_SCHEMA: &[&str] = &[
    "address_standardizer_data_us",
    "pg_cron",
    "pg_graphql",
    "pg_net",
    "pg_repack",
    "pg_tle",
    "pgmq",
    "pgroonga",
    "pgsodium",
    "pljava",
    "plls",
    "plpgsql",
    "plcoffee",
    "plv8",
    "postgis_tiger_geocoder",
    "postgis_topology",
    "supabase_vault",
    "timescaledb",
];

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::CreateExtension(create) = &cx.stmt().kind else { return };
    let name = &create.name.value;
    let allowed = cx.options.list(ALLOW);
    if !allowed.is_empty() && !allowed.contains(name) {
        out.push(
            cx.finding(create.name.span, format!("extension `{name}` is not one of those that may be created"))
                .label("not allowed")
                .about(name)
                .help(format!("add it to `allow` in `[lint.rules.{}]`, or do without it", RULE.id)),
        );
    }
    if create.version.is_none() && cx.options.flag(PINNED) {
        out.push(
            cx.finding(create.name.span, format!("extension `{name}` gets whatever version the server has"))
                .label("no `version`")
                .about(name)
                .help("write `version '…'`, so that every server has the same"),
        );
    }
    let wanted = cx.options.text(SCHEMA);
    let (span, message, edit) = match &create.schema {
        Some(schema) if schema.value == "public" => (
            schema.span,
            format!("extension `{name}` lands in `public`, where the API shows its functions"),
            Edit::replace(schema.span, wanted.as_str()),
        ),
        None if !OWN_SCHEMA.contains(&name.as_str()) && !sets_path(cx) => (
            create.name.span,
            format!("extension `{name}` lands in the first schema of the search path, as a rule `public`"),
            Edit::insert(schema_at(cx, create.name.span.end), written(cx, create.name.span.end, &wanted)),
        ),
        _ => return,
    };
    let finding = cx.finding(span, message).label("exposed").about(name);
    let is_there = cx.schema.made_sure.contains(&wanted)
        || cx.schema.schemas.get(&wanted).is_some_and(|place| cx.config.is_certain(place));
    out.push(if is_there {
        finding
            .help(format!("write `with schema {wanted}`"))
            .fix(Fix::safe(format!("create it in `{wanted}`"), vec![edit]))
    } else {
        let schema = bare_ident(&wanted);
        finding.help(format!("write `create schema if not exists {schema};` before it, and `with schema {schema}`"))
    });
}

/// Whether the search path leads somewhere else.
fn sets_path(cx: &EventCx<'_>) -> bool {
    cx.schema.search_path.first().is_some_and(|schema| !cx.config.is_exposed(schema))
}

/// Where the schema can be written: behind the name, and behind `with` where that stands.
fn schema_at(cx: &EventCx<'_>, name_end: usize) -> usize {
    match with(cx, name_end) {
        Some(end) => end,
        None => name_end,
    }
}

fn written(cx: &EventCx<'_>, name_end: usize, schema: &str) -> String {
    if with(cx, name_end).is_some() { format!(" schema {schema}") } else { format!(" with schema {schema}") }
}

/// Behind the word `with`, if that is what follows the name.
fn with(cx: &EventCx<'_>, name_end: usize) -> Option<usize> {
    let rest = cx.file.text().get(name_end..cx.stmt().span.end)?;
    let blank = rest.len() - rest.trim_start().len();
    let word = rest.get(blank..blank + 4)?;
    word.eq_ignore_ascii_case("with").then_some(name_end + blank + 4)
}

#[cfg(test)]
mod tests {
    use crate::lint::{Config, example, lint, parse_all};

    #[test]
    fn a_schema_that_is_not_there_is_not_written() {
        // Where the project is no platform's, only the chain makes schemas.
        let fixed = |chain: &str, is_supabase: bool| {
            let mut config = Config { is_supabase, ..Config::default() };
            config.only.insert("extension-schema".to_owned());
            let files = parse_all(example::inputs(chain));
            lint(&files, &config).findings.iter().any(|it| it.fix.is_some())
        };
        assert!(fixed("create extension pg_trgm;", true));
        assert!(!fixed("create extension pg_trgm;", false));
        assert!(fixed("create schema if not exists extensions;\n-- then\ncreate extension pg_trgm;", false));
    }
}
