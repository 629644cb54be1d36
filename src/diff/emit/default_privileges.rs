//! Default privileges: what there is of them are privileges, so that those of the entry are compared.

use super::facets::{Grants, privileges};
use super::{Alter, Cx};
use crate::catalog::{Acl, DefaultPrivileges, Grantee, Privilege, acl, default_privileges};
use crate::diff::step::Step;
use crate::text::bare_ident;

/// What holds where nothing was ever said: PostgreSQL's own privileges everywhere, and nothing more in a schema.
fn preset(cx: &Cx<'_>) -> Acl {
    let kind = default_privileges::kind(&cx.id.part).filter(|_| cx.id.schema.is_empty());
    let version = if cx.from.version == 0 { cx.to.version } else { cx.from.version };
    // Large objects are no kind of this model.
    if cx.id.part == "large objects" {
        let own = |what: &str| Privilege { to: Grantee::Owner, what: what.to_owned(), grantable: false };
        return ["SELECT", "UPDATE"].map(own).into();
    }
    kind.map_or_else(Acl::new, |kind| acl::preset(kind, version))
}

/// The statements that turn some default privileges into others.
pub(super) fn change(old: &Acl, new: &Acl, cx: &Cx<'_>) -> Vec<Step> {
    let schema =
        if cx.id.schema.is_empty() { String::new() } else { format!(" in schema {}", bare_ident(&cx.id.schema)) };
    let role = bare_ident(&cx.id.name);
    let grants = Grants {
        before: format!("alter default privileges for role {role}{schema} "),
        on: cx.id.part.clone(),
        columns: String::new(),
        owner: role.into_owned(),
        what: format!("{} that {} makes{schema}", cx.id.part, bare_ident(&cx.id.name)),
    };
    privileges(old, new, &grants, cx)
}

pub(super) fn create(_: &DefaultPrivileges, cx: &Cx<'_>) -> Vec<Step> {
    change(&preset(cx), &cx.entry.acl, cx)
}

pub(super) fn drop(_: &DefaultPrivileges, cx: &Cx<'_>) -> Vec<Step> {
    change(&cx.entry.acl, &preset(cx), cx)
}

pub(super) fn alter(_: &DefaultPrivileges, _: &DefaultPrivileges, _: &Cx<'_>) -> Alter {
    Alter::default()
}
