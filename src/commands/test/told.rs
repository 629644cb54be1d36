//! What the tries have shown, as the answer.

use crate::catalog::{Catalog, Id, Kind, Object};
use crate::db::fill::Filled;
use crate::db::rls::Proof;
use crate::diff::Source;
use crate::report::{RlsCell, RlsFault, RlsReason, RlsRole, RlsTable, RlsTest, RlsViolation, RlsWarning};
use crate::rls::{Actor, Facts, Fault, Finding, Hit, Places, Relation, Subject, Subjects, Through, Violation};
use crate::text::bare_ident;

/// Makes the answer.
pub(super) fn answer(
    source: &Source,
    (catalog, _, subjects): (&Catalog, &Facts, &Subjects),
    places: &Places,
    filled: &Filled,
    proof: &Proof,
    wanted: Option<&[Id]>,
) -> RlsTest {
    let is_wanted = |id: &Id| wanted.is_none_or(|wanted| wanted.contains(id));
    let tables = subjects.tables.iter().filter(|it| is_wanted(&it.table));
    let violations: Vec<RlsViolation> =
        proof.violations.iter().filter(|it| is_wanted(&it.table)).map(|it| violation(catalog, places, it)).collect();
    let not_seeded = filled
        .tables
        .iter()
        .filter(|it| subjects.tables.iter().any(|subject| subject.table == it.table) && is_wanted(&it.table))
        .filter_map(|it| Some(RlsReason { object: it.table.qualified(), why: it.why.clone()? }));
    let mut roles: Vec<RlsRole> = proof.actors.iter().map(role).collect();
    roles.extend(proof.missing.iter().map(|(name, why)| RlsRole {
        name: (*name).to_owned(),
        role: None,
        settings: std::collections::BTreeMap::new(),
        notes: vec![why.clone()],
    }));
    RlsTest {
        format: "dbctl/test-rls/v1",
        ok: violations.is_empty(),
        source: source.to_string(),
        tenant_table: subjects.tenants.as_ref().map(Id::qualified),
        user_table: subjects.users.as_ref().map(Id::qualified),
        tables: tables.map(|subject| table(subject, proof)).collect(),
        violations,
        warnings: proof.findings.iter().map(|it| warning(places, it)).collect(),
        not_seeded: not_seeded.collect(),
        not_tried: proof
            .untried
            .iter()
            .map(|(id, why)| RlsReason { object: id.to_string(), why: why.clone() })
            .collect(),
        not_proved: proof
            .unproved
            .iter()
            .map(|(id, why)| RlsReason { object: id.to_string(), why: why.clone() })
            .collect(),
        tries: proof.tries,
        roles,
    }
}

fn role(actor: &Actor) -> RlsRole {
    RlsRole {
        name: actor.name.clone(),
        role: Some(actor.role.clone()),
        settings: actor.settings.iter().cloned().collect(),
        notes: actor.assumed.clone(),
    }
}

fn table(subject: &Subject, proof: &Proof) -> RlsTable {
    let words = |hit: &Option<Hit>| hit.as_ref().map(Hit::words);
    let cells = proof.cells.iter().filter(|it| it.table == subject.table);
    RlsTable {
        table: subject.table.qualified(),
        rows_of: rows_of(subject),
        row_security: subject.row_security,
        public: subject.public.clone(),
        rows: proof.rows.get(&subject.table).copied().unwrap_or_default(),
        cells: cells
            .map(|it| RlsCell {
                role: proof.actors.get(it.actor).map(|actor| actor.name.clone()).unwrap_or_default(),
                command: it.act,
                verdict: it.verdict,
                own: words(&it.tried.own),
                other: words(&it.tried.other),
            })
            .collect(),
    }
}

/// Whose the rows of a table are, in words.
fn rows_of(subject: &Subject) -> String {
    match &subject.relation {
        Relation::Tenants => "the tenants themselves".to_owned(),
        Relation::Users => "the users themselves".to_owned(),
        Relation::Tenant(column) if subject.is_membership() => {
            format!("the tenant's by {}, the user's by {}", bare_ident(column), subject.users.join(" and "))
        }
        Relation::Tenant(column) => format!("the tenant's by {}", bare_ident(column)),
        Relation::User(column) => format!("the user's by {}", bare_ident(column)),
        Relation::Through(to) => format!("whose {} is", to.qualified()),
        Relation::Shared => "nobody's".to_owned(),
    }
}

fn violation(catalog: &Catalog, places: &Places, it: &Violation) -> RlsViolation {
    RlsViolation {
        rule: it.rule,
        table: it.table.qualified(),
        roles: it.actors.clone(),
        commands: it.acts.clone(),
        through: match &it.through {
            Through::Table => "table".to_owned(),
            Through::View(id) => id.to_string(),
            Through::Function(_, call) => format!("function {call}"),
            Through::Cascade { constraint, .. } => format!("foreign key {}", constraint.address()),
        },
        seen: it.seen.clone(),
        faults: it.faults.iter().map(|fault| told(catalog, places, &it.table, fault)).collect(),
        mend: it.mend.clone(),
        advice: it.advice.clone(),
    }
}

fn told(catalog: &Catalog, places: &Places, table: &Id, fault: &Fault) -> RlsFault {
    let name = table.qualified();
    let (kind, text, at) = match fault {
        Fault::Policy(id) => ("policy", format!("policy {} lets it through", bare_ident(&id.part)), Some(id)),
        Fault::Off => ("rls-off", format!("row-level security is off on {name}"), Some(table)),
        Fault::NotForced => (
            "not-forced",
            format!("the owner of {name} passes its row-level security, which is not forced"),
            Some(table),
        ),
        Fault::Bypass(role) => ("bypass", format!("role {} passes row-level security", bare_ident(role)), None),
        Fault::View(id) => ("view", format!("{id} reads with its owner's rights, without security_invoker"), Some(id)),
        Fault::MaterializedView(id) => {
            ("materialized-view", format!("{id} keeps the rows of all, and no policy holds for it"), Some(id))
        }
        Fault::Definer(id) => {
            ("security-definer", format!("{id} is security definer: it runs with its owner's rights"), Some(id))
        }
        Fault::Cascade(id) => {
            ("cascade", format!("foreign key {} changes rows without asking policies", id.address()), Some(table))
        }
        Fault::NoPolicy => ("no-policy", format!("no policy of {name} lets administrators see every row"), Some(table)),
        Fault::Unknown => ("unknown", "what lets it through could not be found".to_owned(), None),
    };
    let place = at.and_then(|id| places.find(id));
    let policy = match fault {
        Fault::Policy(id) => catalog.get(id).and_then(|entry| match &entry.object {
            Object::Policy(it) => Some(policy_words(it)),
            _ => None,
        }),
        _ => None,
    };
    RlsFault { kind, text, policy, path: place.map(|it| it.path.clone()), line: place.map(|it| it.line) }
}

/// `for update to authenticated using (…) with check (…)`.
fn policy_words(policy: &crate::catalog::Policy) -> String {
    let to = if policy.roles.is_empty() { "public".to_owned() } else { policy.roles.join(", ") };
    let using = policy.using.as_ref().map(|it| format!(" using ({})", bare(it))).unwrap_or_default();
    let check = policy.check.as_ref().map(|it| format!(" with check ({})", bare(it))).unwrap_or_default();
    format!("for {} to {to}{using}{check}", policy.command)
}

/// A condition on one line.
fn bare(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn warning(places: &Places, it: &Finding) -> RlsWarning {
    let table = Id::new(Kind::Table, &it.id.schema, &it.id.name);
    let place = places.find(&it.id).or_else(|| places.find(&table));
    RlsWarning {
        kind: it.kind,
        object: it.id.to_string(),
        table: table.qualified(),
        policy: (it.id.kind == Kind::Policy).then(|| bare_ident(&it.id.part).into_owned()),
        text: it.text.clone(),
        mend: it.mend.clone(),
        path: place.map(|it| it.path.clone()),
        line: place.map(|it| it.line),
    }
}
