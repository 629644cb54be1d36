//! `dbctl test rls`: two tenants are made up on a shadow database, and everybody tries what he should not be able to do.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;

use super::super::Cx;
use super::super::source::{self, Loaded, Look};
use super::told;
use crate::catalog::{Catalog, Id, Kind, Scope};
use crate::db::Session;
use crate::db::fill::{Filled, fill};
use crate::db::rls::{Proof, is_superuser, prove};
use crate::diagnostic::Diagnostic;
use crate::diff::Source;
use crate::error::Failure;
use crate::exit::Exit;
use crate::project::Project;
use crate::project::config::Platform;
use crate::report::problem::{github, junit};
use crate::report::rls_cases;
use crate::rls::{Facts, Places, RoleSettings, Settings, Subjects, fixed};
use crate::seed::Wanted;
use crate::terminal::Format;
use crate::text::did_you_mean;

/// How many groups of rows there are: two tenants, and an administrator with what is his.
const GROUPS: usize = 3;

/// The roles that `[rls.roles]` knows.
const ROLES: [&str; 4] = ["anon", "user", "admin", "service_role"];

/// Flags of `dbctl test rls`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Three rules have to hold: a tenant never sees or changes another's rows, the unauthenticated see nothing, and administrators
see all. A comment `-- dbctl: public` at a table's `create table` states that everybody may read it.

The migrations are replayed on a shadow database, and a copy of it gets rows of two tenants and is dropped. The replay is kept for
the next run, up to 12 on a server; no other database is touched.
`[rls]` in dbctl.toml says what cannot be found: schemas, tenant_column, tenant_table, user_column, user_table, and
[rls.roles.user] role = \"app\", settings = { \"app.tenant_id\" = \"{tenant}\" }, claims = { \"app_metadata.org\" = \"{tenant}\" }.

  dbctl test rls                  all tables of the exposed schemas
  dbctl test rls orders           one table, also through views, functions and foreign keys
  dbctl test rls --format junit   for CI; a rule that does not hold ends with exit code 1

Exit code 6 where the migrations do not apply on the shadow database.")]
pub struct RlsArgs {
    /// Only these tables, with or without their schemas
    #[arg(value_name = "TABLE")]
    pub tables: Vec<String>,
    /// The migrations up to this one
    #[arg(long, value_name = "VERSION")]
    pub at: Option<String>,
    /// End with exit code 1 also where there are only warnings, tables without rows, or functions of which nothing is proved
    #[arg(long)]
    pub strict: bool,
}

/// Runs the command.
pub async fn run(cx: &Cx, args: &RlsArgs) -> Result<Exit, Failure> {
    let project = cx.project()?;
    let settings = settings(&project)?;
    let source = Source::Migrations(args.at.clone());
    // What is a platform's takes part too: its users are who asks.
    let scope = Scope { managed: true, ..Scope::default() };
    let look = Look { scope: &scope, census: false };
    let wait = cx.terminal.wait("replaying the migrations on a shadow database");
    let load = source::load_one(cx, &project, &source, look);
    let loaded = source::until_interrupted(cx, &project, Box::pin(load)).await?;
    drop(wait);
    let set = cx.migrations(&project)?;
    let places = Places::read(set.migrations.iter().map(|it| &it.source));
    for place in &places.astray {
        cx.terminal.warning(&format!("`-- dbctl: public` at {place} stands at no table, and states nothing"));
    }
    let catalog = &loaded.catalog;
    let facts = Facts::read(catalog);
    let mut subjects = Subjects::find(catalog, &facts, &settings);
    let public = places.public(catalog);
    for subject in subjects.tables.iter_mut().chain(&mut subjects.behind) {
        subject.public = public.get(&subject.table).cloned();
    }
    check(&settings, catalog)?;
    let tables = named(&args.tables, &subjects)?;
    let wait = cx.terminal.wait("trying who sees and changes which rows");
    let about = (catalog, &facts, &subjects);
    let work = on_shadow(cx, &project, &loaded, about, &settings, tables.as_deref());
    let (filled, proof) = source::until_interrupted(cx, &project, Box::pin(work)).await?;
    drop(wait);
    let answer = told::answer(&source, about, &places, &filled, &proof, tables.as_deref());
    let shown = match cx.terminal.options().format {
        Format::Junit => cx.terminal.print(&junit("dbctl test rls", &rls_cases(&answer))),
        Format::Github => cx.terminal.print(&github(&rls_cases(&answer))),
        _ => cx.terminal.answer(&answer),
    };
    // Whoever reads may have read enough; the exit code still tells what was found.
    shown.or_else(|error| if error.is_closed() { Ok(()) } else { Err(error) })?;
    let is_odd =
        args.strict && !(answer.warnings.is_empty() && answer.not_seeded.is_empty() && answer.not_proved.is_empty());
    Ok(if answer.ok && !is_odd { Exit::Ok } else { Exit::No })
}

/// Fills a shadow, and tries everything on it.
async fn on_shadow(
    cx: &Cx,
    project: &Project,
    loaded: &Loaded,
    about: (&Catalog, &Facts, &Subjects),
    settings: &Settings,
    tables: Option<&[Id]>,
) -> Result<(Filled, Proof), Failure> {
    let (shadows, shadow) = source::shadow_of(cx, project, loaded).await?;
    let work = async {
        let session = shadows.session(&shadow, false).await?;
        on_session(&session, about, settings, tables).await
    };
    let done = work.await;
    shadows.drop(shadow).await?;
    done
}

async fn on_session(
    session: &Session,
    about: (&Catalog, &Facts, &Subjects),
    settings: &Settings,
    tables: Option<&[Id]>,
) -> Result<(Filled, Proof), Failure> {
    if !is_superuser(session).await? {
        let diagnostic = Diagnostic::error("test/superuser", "the user of the shadow server is no superuser")
            .note("to be anybody, and to put rows away without their triggers, takes one; nothing was tried")
            .help("use the managed local server, or name a superuser in `[shadow] url`");
        return Err(Failure::new(Exit::Project, diagnostic));
    }
    let (catalog, facts, subjects) = about;
    let mut wanted: BTreeSet<Id> = subjects.all().map(|it| it.table.clone()).collect();
    wanted.extend(subjects.users.clone());
    let wanted =
        Wanted { groups: GROUPS, rows: 1, alike: false, fixed: fixed(catalog, facts, subjects), tables: Some(wanted) };
    // Triggers would make rows of their own, and give rows to whoever asks, who is nobody here.
    session.batch("set session_replication_role = replica").await?;
    let filled = fill(session, catalog, &wanted).await?;
    session.batch("reset session_replication_role").await?;
    let proof = prove(session, about, settings, &filled, tables).await?;
    Ok((filled, proof))
}

/// What the project says, with what `[lint]` says where `[rls]` says nothing.
fn settings(project: &Project) -> Result<Settings, Failure> {
    let said = &project.config.rls;
    let lint = project.config.lint.as_ref();
    if let Some(name) = said.roles.keys().find(|name| !ROLES.contains(&name.as_str())) {
        let title = format!("`[rls.roles.{name}]` is none of `{}`", ROLES.join("`, `"));
        let diagnostic = Diagnostic::error("test/unknown-role", title).note("nothing was tried");
        let diagnostic = match did_you_mean(name, ROLES) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic,
        };
        return Err(Failure::new(Exit::Project, diagnostic));
    }
    let schemas = match (&said.schemas.0, lint.and_then(|it| it.exposed_schemas.as_ref())) {
        (schemas, _) if !schemas.is_empty() => schemas.clone(),
        (_, Some(schemas)) => schemas.0.clone(),
        (_, None) => vec!["public".to_owned()],
    };
    let roles: BTreeMap<String, RoleSettings> = said
        .roles
        .iter()
        .map(|(name, it)| {
            let (role, claims, settings) = (it.role.clone(), it.claims.clone(), it.settings.clone());
            (name.clone(), RoleSettings { role, claims, settings })
        })
        .collect();
    Ok(Settings {
        schemas,
        tenant_column: said.tenant_column.clone().or_else(|| lint.and_then(|it| it.tenant_column.clone())),
        tenant_table: said.tenant_table.clone().or_else(|| lint.and_then(|it| it.tenant_table.clone())),
        user_column: said.user_column.clone(),
        user_table: said.user_table.clone(),
        roles,
        is_supabase: project.platform() == Platform::Supabase,
    })
}

/// Refuses settings that name what is not there.
fn check(settings: &Settings, catalog: &Catalog) -> Result<(), Failure> {
    let refuse = |key: &str, word: &str, what: &str| {
        let title = format!("`[rls] {key}` is `{word}`, and the migrations make no such {what}");
        Err(Failure::new(Exit::Project, Diagnostic::error("test/unknown-name", title).note("nothing was tried")))
    };
    for (key, word) in [("tenant_table", &settings.tenant_table), ("user_table", &settings.user_table)] {
        let Some(word) = word else { continue };
        let name = word.rsplit('.').next().unwrap_or(word).trim_matches('"');
        if !catalog.entries.keys().any(|id| id.kind == Kind::Table && id.name == name) {
            return refuse(key, word, "table");
        }
    }
    for (key, word) in [("tenant_column", &settings.tenant_column), ("user_column", &settings.user_column)] {
        let Some(word) = word else { continue };
        if !catalog.entries.keys().any(|id| id.kind == Kind::Column && id.part == *word) {
            return refuse(key, word, "column");
        }
    }
    Ok(())
}

/// The tables of the command line.
fn named(words: &[String], subjects: &Subjects) -> Result<Option<Vec<Id>>, Failure> {
    if words.is_empty() {
        return Ok(None);
    }
    let mut found = Vec::new();
    for word in words {
        let is_it =
            |id: &Id| id.name == *word || id.qualified() == *word || format!("{}.{}", id.schema, id.name) == *word;
        let before = found.len();
        found.extend(subjects.tables.iter().map(|it| it.table.clone()).filter(is_it));
        if found.len() == before {
            let names: Vec<String> = subjects.tables.iter().map(|it| it.table.qualified()).collect();
            let known = names.iter().map(String::as_str).chain(subjects.tables.iter().map(|it| it.table.name.as_str()));
            let diagnostic = Diagnostic::error("test/unknown-table", format!("no exposed schema has a table `{word}`"))
                .note("nothing was tried");
            let diagnostic = match did_you_mean(word, known) {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic.help("`[rls] schemas` in dbctl.toml names the exposed schemas"),
            };
            return Err(Failure::new(Exit::Usage, diagnostic));
        }
    }
    Ok(Some(found))
}
