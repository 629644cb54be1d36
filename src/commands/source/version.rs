//! Schemas of servers of different versions: each version writes definitions in its own words, so both are written by one.

use super::super::Cx;
use super::Loaded;
use super::proof::run;
use super::replay::{fresh, open};
use crate::catalog::{Catalog, Scope};
use crate::db::Shadows;
use crate::db::catalog::read;
use crate::diagnostic::Diagnostic;
use crate::diff::{Options, Source, plan};
use crate::error::Failure;
use crate::project::Project;

/// Lets the shadow server write the definitions of what other versions have written, where two versions meet.
pub(super) async fn level(
    cx: &Cx,
    project: &Project,
    (from, before): (&Source, &mut Loaded),
    (to, after): (&Source, &mut Loaded),
    scope: &Scope,
) -> Result<(), Failure> {
    let versions = [before.catalog.version, after.catalog.version];
    if versions.contains(&0) || versions[0] == versions[1] {
        return Ok(());
    }
    let why = match open(cx, project).await {
        Ok(shadows) => {
            let mut why = None;
            for (source, loaded) in [(from, before), (to, after)] {
                match rewritten(cx, project, &shadows, &loaded.catalog, scope).await? {
                    Ok(catalog) => take(&mut loaded.catalog, &catalog),
                    Err(said) => why = Some(format!("`{source}` cannot be made on the shadow server: {said}")),
                }
            }
            why
        }
        Err(failure) => failure.diagnostics.first().map(|it| it.title.clone()),
    };
    if let Some(why) = why {
        let title = format!(
            "`{from}` is of PostgreSQL {}, `{to}` of {}: definitions that mean the same may be written otherwise",
            versions[0], versions[1]
        );
        let diagnostic = Diagnostic::warning("diff/versions", title)
            .caused_by(why)
            .help("compare on servers of one version: `[local] postgres` in dbctl.toml names the local one's");
        cx.terminal.diagnostic(&diagnostic);
    }
    Ok(())
}

/// The schema as the shadow server writes it, or what it said against it.
async fn rewritten(
    cx: &Cx,
    project: &Project,
    shadows: &Shadows,
    catalog: &Catalog,
    scope: &Scope,
) -> Result<Result<Catalog, String>, Failure> {
    let shadow = fresh(cx, project, shadows).await?;
    let result = async {
        let session = shadows.session(&shadow, false).await?;
        session.batch("set check_function_bodies = off").await?;
        let there = read(&session, |id| scope.contains(id)).await?;
        if there.version == catalog.version {
            return Ok(Ok(catalog.clone()));
        }
        if let Some((sql, said)) = run(&session, &plan(&there, catalog, Options::default()).steps).await? {
            return Ok(Err(format!("`{sql}` fails: {said}")));
        }
        Ok::<_, Failure>(Ok(read(&session, |id| scope.contains(id)).await?))
    };
    let result = result.await;
    shadows.drop(shadow).await?;
    result
}

/// Takes over the definitions; who owns what and may do what stays as it was read.
fn take(catalog: &mut Catalog, written: &Catalog) {
    for (id, entry) in &mut catalog.entries {
        if let Some(other) = written.get(id) {
            entry.object = other.object.clone();
        }
    }
}
