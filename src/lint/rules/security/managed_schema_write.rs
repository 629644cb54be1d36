//! `managed-schema-write`: a migration that changes what belongs to Supabase.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Preset, Profile, Rule, RuleOption};
use crate::sql::ast::{Ident, Name, ObjectAction, ObjectKind, StmtKind, TableActionKind};
use crate::text::Span;

/// The option's name.
const SCHEMAS: &str = "schemas";

pub(super) static RULE: Rule = Rule {
    id: "managed-schema-write",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Error,
    opt_in: false,
    condition: "a statement creates, alters or drops an object in a schema that Supabase owns",
    effect: "on a hosted project it fails (`must be owner of`, `permission denied for schema`), or it is in the way of Supabase's next upgrade",
    remedy: "put your objects into `public` or a schema of your own; policies on `storage` and `realtime` and triggers on `auth.users` are fine",
    lock: None,
    fix: Fixable::No,
    options: &[RuleOption {
        name: SCHEMAS,
        preset: Preset::List(&[
            "auth",
            "storage",
            "realtime",
            "vault",
            "graphql",
            "graphql_public",
            "supabase_functions",
            "supabase_migrations",
            "pgbouncer",
            "pgsodium",
        ]),
        help: "the schemas that Supabase owns",
    }],
    sources: &[
        "https://supabase.com/docs/guides/database/postgres/roles",
        "https://github.com/orgs/supabase/discussions/34270",
    ],
    bad: &[
        "alter table auth.users add column nickname text;\n",
        "create table storage.labels (id bigint primary key);\n",
        "create function auth.org_id() returns uuid language sql stable set search_path = '' as $$ select null::uuid $$;\n",
    ],
    good: &[
        "create policy avatars_insert on storage.objects for insert to authenticated with check (bucket_id = 'avatars');\n",
        "create schema app;\n\
         create function app.welcome() returns trigger language plpgsql set search_path = '' as $$\nbegin\n  return new;\nend\n$$;\n\
         create trigger welcome after insert on auth.users for each row execute function app.welcome();\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let mut find = Find { cx, schemas: None, out };
    match &cx.stmt().kind {
        StmtKind::CreateTable(it) => find.name("creates table", &it.name),
        StmtKind::CreateTableAs(it) => find.name("creates table", &it.name),
        StmtKind::CreateView(it) => find.name("creates view", &it.name),
        StmtKind::CreateRoutine(it) => find.name("creates function", &it.name),
        StmtKind::CreateType(it) => find.name("creates type", &it.name),
        StmtKind::CreateDomain(it) => find.name("creates domain", &it.name),
        StmtKind::CreateSequence(it) => find.name("creates sequence", &it.name),
        StmtKind::CreateIndex(it) => find.name("creates an index on", &it.table),
        StmtKind::CreateTrigger(it) if !is_watched(&it.table) => find.name("creates a trigger on", &it.table),
        StmtKind::CreatePolicy(it) if !takes_policies(&it.table) => find.name("creates a policy on", &it.table),
        StmtKind::AlterPolicy(it) if !takes_policies(&it.table) => find.name("alters a policy of", &it.table),
        StmtKind::AlterRoutine(it) => find.name("alters", &it.routine.name),
        StmtKind::AlterEnum(it) => find.name("alters type", &it.name),
        StmtKind::AlterTable(it) => {
            // A trigger is switched by the table's owner only, and `rename` and the like as well.
            let moves = it.actions.iter().find_map(|action| match &action.kind {
                TableActionKind::SetSchema(schema) => Some(schema),
                _ => None,
            });
            match moves {
                Some(schema) if it.name.schema().is_none() => find.schema("moves an object into", schema),
                _ => find.name("alters", &it.name),
            }
        }
        StmtKind::AlterObject(it) => match (&it.action, &it.on, &it.name) {
            (ObjectAction::SetSchema(schema), ..) => find.schema("moves an object into", schema),
            (_, Some(table), _) if it.kind == ObjectKind::Policy && takes_policies(table) => {}
            (_, Some(table), _) if it.kind == ObjectKind::Trigger && is_watched(table) => {}
            (_, Some(table), _) => find.name("alters", table),
            (_, None, Some(name)) if has_schema(it.kind) => find.name("alters", name),
            (_, None, Some(name)) if it.kind == ObjectKind::Schema => {
                name.parts.iter().for_each(|part| find.schema("alters schema", part));
            }
            _ => {}
        },
        StmtKind::Drop(it) => match (&it.on, it.kind) {
            (Some(table), ObjectKind::Policy) if takes_policies(table) => {}
            (Some(table), ObjectKind::Trigger) if is_watched(table) => {}
            (Some(table), _) => find.name("drops from", table),
            (None, ObjectKind::Schema) => {
                it.names.iter().flat_map(|name| &name.parts).for_each(|part| find.schema("drops schema", part));
            }
            (None, kind) if has_schema(kind) => it.names.iter().for_each(|name| find.name("drops", name)),
            (None, _) => {}
        },
        StmtKind::Truncate { tables, .. } => tables.iter().for_each(|name| find.name("empties", name)),
        _ => {}
    }
}

/// Tables of the platform on which a project may have triggers.
fn is_watched(table: &Name) -> bool {
    matches!(
        (table.schema(), table.object()),
        (Some("auth"), "users" | "identities" | "sessions" | "mfa_factors") | (Some("storage"), "objects" | "buckets")
    )
}

/// Tables of the platform on which a project may have policies.
fn takes_policies(table: &Name) -> bool {
    matches!(table.schema(), Some("storage" | "realtime"))
}

/// Kinds whose names have a schema.
fn has_schema(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Table
            | ObjectKind::ForeignTable
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Index
            | ObjectKind::Sequence
            | ObjectKind::Type
            | ObjectKind::Domain
            | ObjectKind::Function
            | ObjectKind::Procedure
            | ObjectKind::Routine
            | ObjectKind::Aggregate
    )
}

struct Find<'a, 'c> {
    cx: &'c EventCx<'a>,
    schemas: Option<Vec<String>>,
    out: &'c mut Findings,
}

impl Find<'_, '_> {
    fn is_managed(&mut self, schema: &str) -> bool {
        self.schemas.get_or_insert_with(|| self.cx.options.list(SCHEMAS)).iter().any(|managed| managed == schema)
    }

    fn name(&mut self, does: &str, name: &Name) {
        // Without a schema the search path decides, which no migration points at the platform's.
        if let Some(schema) = name.schema()
            && self.is_managed(schema)
        {
            self.report(does, &name.to_string(), schema, name.span);
        }
    }

    fn schema(&mut self, does: &str, schema: &Ident) {
        if self.is_managed(&schema.value) {
            self.report(does, &schema.value, &schema.value, schema.span);
        }
    }

    fn report(&mut self, does: &str, object: &str, schema: &str, span: Span) {
        self.out.push(
            self.cx
                .finding(span, format!("the migration {does} `{object}`: schema `{schema}` belongs to Supabase"))
                .label("not yours to change")
                .about(object)
                .help("use `public` or a schema of your own, and refer to Supabase's tables from there"),
        );
    }
}
