//! Row-level security tried on a database that holds two tenants: everything happens in one transaction that is taken back.

mod access;
mod arguments;
mod cascade;
mod content;
mod fault;
mod function;
mod policy;
mod prober;
mod rows;
mod self_made;
mod table;
mod view;

use std::collections::BTreeMap;

use self::prober::Prober;
use super::fill::Filled;
use super::{Error, Session};
use crate::catalog::{Catalog, Id};
use crate::rls::{Actor, Cell, Facts, Finding, STAND_IN, Settings, Subjects, Violation, actors, stand_in};

/// What was tried, and what it has shown.
#[derive(Debug, Default)]
pub struct Proof {
    /// Who asked.
    pub actors: Vec<Actor>,
    /// Who is missing, and why.
    pub missing: Vec<(&'static str, String)>,
    /// The matrix.
    pub cells: Vec<Cell>,
    /// Rules that do not hold.
    pub violations: Vec<Violation>,
    /// What is odd without breaking a rule.
    pub findings: Vec<Finding>,
    /// What could not be tried, and why.
    pub untried: Vec<(Id, String)>,
    /// Functions of which nothing is proved, and why.
    pub unproved: Vec<(Id, String)>,
    /// How many tries there were.
    pub tries: usize,
    /// Rows by table, all groups together.
    pub rows: BTreeMap<Id, usize>,
}

/// Whether the session may do what the proof needs: be anybody, and put rows away without their triggers.
pub async fn is_superuser(session: &Session) -> Result<bool, Error> {
    let rows = session.rows("select rolsuper from pg_catalog.pg_roles where rolname = current_user").await?;
    Ok(rows.first().and_then(|row| row.get(0)) == Some("t"))
}

/// Tries everything; nothing of it stays.
pub async fn prove(
    session: &Session,
    (catalog, facts, subjects): (&Catalog, &Facts, &Subjects),
    settings: &Settings,
    filled: &Filled,
    tables: Option<&[Id]>,
) -> Result<Proof, Error> {
    let rows = rows::read(session, catalog, subjects, filled).await?;
    let people = rows::people(catalog, subjects, &rows);
    let roles = access::roles(session).await?;
    let (actors, missing) = actors(catalog, facts, subjects, settings, &people, &roles);
    session.batch("begin; set local statement_timeout = '20s'").await?;
    let proof = async {
        if actors.iter().any(|actor| actor.role == STAND_IN) {
            session.batch(&stand_in(catalog)).await?;
        }
        let bypassing = roles.iter().filter(|role| role.bypasses).map(|role| role.name.clone()).collect();
        let names: Vec<String> = actors.iter().map(|actor| actor.role.clone()).collect();
        let access = access::read(session, &names, subjects).await?;
        let member_of = access::memberships(session, &names).await?;
        let mut prober = Prober::new(session, (catalog, facts, subjects), settings, &actors, &people);
        prober.rows = rows;
        prober.access = access;
        prober.member_of = member_of;
        prober.bypassing = bypassing;
        prober.wanted = tables.map(<[Id]>::to_vec);
        prober.tables().await?;
        prober.contents().await?;
        prober.views().await?;
        prober.functions().await?;
        prober.cascades().await?;
        prober.policies().await?;
        prober.self_made().await?;
        Ok::<_, Error>(prober.end())
    };
    let proof = proof.await;
    session.batch("rollback").await?;
    let mut proof = proof?;
    proof.actors = actors;
    proof.missing = missing;
    Ok(proof)
}
