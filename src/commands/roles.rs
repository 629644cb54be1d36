//! Roles belong to the server and not to a database: what is replayed meets those that an earlier replay, or the local
//! database, has made.

use std::collections::BTreeSet;

use tokio_postgres::types::Type;

use crate::db::{Error, Session};
use crate::plan::step::{Replacement, Step};
use crate::text::quote_ident;

/// Lets a replay take a role that is there for the one that it is to make, and leave one that others need.
pub fn tolerate(steps: &mut [Step]) {
    for step in steps {
        let guarded = step.statements.iter().filter_map(|statement| {
            let condition = match statement.kind.as_str() {
                "CREATE ROLE" => "duplicate_object",
                "DROP ROLE" => "dependent_objects_still_exist or object_in_use",
                _ => return None,
            };
            let text = statement.span.of(step.source.text());
            let tag = (0..u32::MAX).map(|n| format!("$role{n}$")).find(|tag| !text.contains(tag))?;
            let sql = format!("do {tag} begin\n{text};\nexception when {condition} then null; end {tag}");
            Some((statement.number, Replacement { sql, remark: String::new() }))
        });
        let guarded: Vec<_> = guarded.collect();
        step.replaced.extend(guarded);
    }
}

/// The roles that steps make and that are not there yet, as their statements name them.
pub async fn new(session: &Session, steps: &[Step]) -> Result<Vec<String>, Error> {
    let statements = steps.iter().flat_map(|step| &step.statements);
    let made = statements.filter(|it| it.kind == "CREATE ROLE").filter_map(|it| it.object.as_ref());
    let mut new = Vec::new();
    for object in made {
        let sql = "select pg_catalog.to_regrole($1) is null";
        let rows = session.query(sql, &[(&object.name, Type::TEXT)]).await?;
        if rows.first().is_some_and(|row| row.get(0)) {
            new.push(object.name.clone());
        }
    }
    Ok(new)
}

/// Drops roles that were made on a shadow, with what is theirs there: the server is to be as it was. One that another database
/// needs by now stays.
pub async fn forget(session: &Session, roles: &[String]) {
    for role in roles {
        for sql in [format!("drop owned by {role}"), format!("drop role if exists {role}")] {
            if let Err(error) = session.batch(&sql).await {
                tracing::debug!(%error, "`{role}` stays");
            }
        }
    }
}

/// On the managed server, which has replays beside the local database: passes over `create role` for a role that is there,
/// with a remark, and forgets the replays before a role is dropped, because they may need it.
///
/// # Errors
/// Fails where the server does not answer.
pub async fn share(session: &Session, steps: &mut [Step]) -> Result<(), Error> {
    let has = |kind: &str| steps.iter().any(|step| step.statements.iter().any(|it| it.kind == kind));
    if has("DROP ROLE") {
        let kept = "select datname from pg_catalog.pg_database where datname like 'dbctl\\_replay\\_%'";
        for name in session.rows(kept).await?.iter().filter_map(|row| row.get(0)) {
            // One that somebody reads stays, and the server says so if it matters.
            let _busy = session.batch(&format!("drop database if exists {}", quote_ident(name))).await;
        }
    }
    if !has("CREATE ROLE") {
        return Ok(());
    }
    let rows = session.rows("select rolname from pg_catalog.pg_roles").await?;
    let mut there: BTreeSet<String> = rows.iter().filter_map(|row| row.get(0)).map(str::to_owned).collect();
    for step in steps {
        let mut passed = Vec::new();
        for statement in &step.statements {
            let Some(object) = &statement.object else { continue };
            match statement.kind.as_str() {
                "CREATE ROLE" if there.contains(&object.name) => {
                    let remark =
                        format!("role `{}` is on the local server already, which all its databases share", object.name);
                    passed.push((statement.number, Replacement { sql: String::new(), remark }));
                }
                "CREATE ROLE" => {
                    there.insert(object.name.clone());
                }
                "DROP ROLE" => {
                    there.remove(&object.name);
                }
                _ => {}
            }
        }
        step.replaced.extend(passed);
    }
    Ok(())
}
