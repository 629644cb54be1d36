//! Foreign-data wrappers, servers and user mappings.

use super::Cx;
use super::options::{foreign, foreign_changes};
use crate::catalog::Options;
use crate::diff::step::Step;
use crate::risk::HazardKind;
use crate::text::bare_ident;

/// ` options (…)` behind a new object; nothing where it has none.
fn options_clause(options: &Options) -> String {
    if options.is_empty() { String::new() } else { format!(" options ({})", foreign(options)) }
}

/// Says of the statement that makes an object which secrets it lacks.
fn without_secrets(step: Step, secrets: &[String], cx: &Cx<'_>) -> Step {
    secrets.iter().fold(step, |step, name| {
        step.hazard(
            HazardKind::Untracked,
            format!("option `{name}` of {} is a secret that was not read: set it by hand", cx.id),
        )
    })
}

/// Says of the statement that takes an object away which secrets are lost.
fn losing_secrets(step: Step, secrets: &[String], cx: &Cx<'_>) -> Step {
    secrets.iter().fold(step, |step, name| {
        step.hazard(HazardKind::DataLoss, format!("option `{name}` of {}, a secret that was not read, is lost", cx.id))
    })
}

/// `options (…)` that turns options into others. A secret that is no longer wanted goes; one that is wanted cannot be set,
/// so that it stays what it is.
fn option_changes(old: (&Options, &[String]), new: (&Options, &[String])) -> Option<String> {
    // No value has a null byte in it: what was a secret is set where it is none any more.
    let hidden = old.1.iter().map(|name| (name.clone(), "\0".to_owned()));
    let before = old.0.iter().cloned().chain(hidden).filter(|(name, _)| !new.1.contains(name)).collect();
    foreign_changes(&before, new.0)
}

/// Foreign-data wrappers.
pub(super) mod wrapper {
    use super::super::{Alter, plain_drop};
    use super::{Cx, HazardKind, Step, losing_secrets, option_changes, options_clause, without_secrets};
    use crate::catalog::ForeignDataWrapper;

    fn function(word: &str, name: Option<&String>) -> String {
        name.map_or_else(|| format!(" no {word}"), |name| format!(" {word} {name}"))
    }

    pub fn create(it: &ForeignDataWrapper, cx: &Cx<'_>) -> Vec<Step> {
        let mut sql = format!("create foreign data wrapper {}", cx.id.address());
        if it.handler.is_some() {
            sql.push_str(&function("handler", it.handler.as_ref()));
        }
        if it.validator.is_some() {
            sql.push_str(&function("validator", it.validator.as_ref()));
        }
        sql.push_str(&options_clause(&it.options));
        vec![without_secrets(Step::create(cx.id, sql), &it.secrets, cx)]
    }

    pub fn drop(it: &ForeignDataWrapper, cx: &Cx<'_>) -> Vec<Step> {
        vec![losing_secrets(plain_drop(cx), &it.secrets, cx)]
    }

    pub fn alter(old: &ForeignDataWrapper, new: &ForeignDataWrapper, cx: &Cx<'_>) -> Alter {
        let mut changes = String::new();
        if old.handler != new.handler {
            changes.push_str(&function("handler", new.handler.as_ref()));
        }
        if old.validator != new.validator {
            changes.push_str(&function("validator", new.validator.as_ref()));
        }
        let is_other_code = !changes.is_empty();
        if let Some(options) = option_changes((&old.options, &old.secrets), (&new.options, &new.secrets)) {
            changes.push_str(&format!(" {options}"));
        }
        if changes.is_empty() {
            return Alter::default();
        }
        let step = Step::alter(cx.id, format!("alter foreign data wrapper {}{changes}", cx.id.address()));
        Alter::in_place(vec![if is_other_code {
            step.hazard(HazardKind::Untracked, format!("servers and tables of {} may not suit its functions", cx.id))
        } else {
            step
        }])
    }
}

/// Servers.
pub(super) mod server {
    use super::super::options::literal;
    use super::super::{Alter, plain_drop};
    use super::{Cx, Step, bare_ident, losing_secrets, option_changes, options_clause, without_secrets};
    use crate::catalog::Server;

    pub fn create(it: &Server, cx: &Cx<'_>) -> Vec<Step> {
        let mut sql = format!("create server {}", cx.id.address());
        if let Some(word) = &it.r#type {
            sql.push_str(&format!(" type {}", literal(word)));
        }
        if let Some(version) = &it.version {
            sql.push_str(&format!(" version {}", literal(version)));
        }
        sql.push_str(&format!(" foreign data wrapper {}", bare_ident(&it.wrapper)));
        sql.push_str(&options_clause(&it.options));
        vec![without_secrets(Step::create(cx.id, sql), &it.secrets, cx)]
    }

    pub fn drop(it: &Server, cx: &Cx<'_>) -> Vec<Step> {
        vec![losing_secrets(plain_drop(cx), &it.secrets, cx)]
    }

    pub fn alter(old: &Server, new: &Server, cx: &Cx<'_>) -> Alter {
        // No statement gives a server another wrapper or type.
        if (&old.wrapper, &old.r#type) != (&new.wrapper, &new.r#type) {
            return Alter::recreate();
        }
        let mut changes = String::new();
        if old.version != new.version {
            let version = new.version.as_ref().map_or_else(|| "null".to_owned(), |version| literal(version));
            changes.push_str(&format!(" version {version}"));
        }
        if let Some(options) = option_changes((&old.options, &old.secrets), (&new.options, &new.secrets)) {
            changes.push_str(&format!(" {options}"));
        }
        if changes.is_empty() {
            return Alter::default();
        }
        Alter::in_place(vec![Step::alter(cx.id, format!("alter server {}{changes}", cx.id.address()))])
    }
}

/// User mappings.
pub(super) mod mapping {
    use super::super::{Alter, plain_drop};
    use super::{Cx, Step, losing_secrets, option_changes, options_clause, without_secrets};
    use crate::catalog::UserMapping;

    pub fn create(it: &UserMapping, cx: &Cx<'_>) -> Vec<Step> {
        let sql = format!("create user mapping {}{}", cx.id.address(), options_clause(&it.options));
        vec![without_secrets(Step::create(cx.id, sql), &it.secrets, cx)]
    }

    pub fn drop(it: &UserMapping, cx: &Cx<'_>) -> Vec<Step> {
        vec![losing_secrets(plain_drop(cx), &it.secrets, cx)]
    }

    pub fn alter(old: &UserMapping, new: &UserMapping, cx: &Cx<'_>) -> Alter {
        let change = option_changes((&old.options, &old.secrets), (&new.options, &new.secrets));
        let sql = |change: String| format!("alter user mapping {} {change}", cx.id.address());
        Alter::in_place(change.map(|change| Step::alter(cx.id, sql(change))).into_iter().collect())
    }
}
