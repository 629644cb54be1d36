//! What is at fault: the policies that alone let the same through, found by trying it without the others.

use super::prober::Prober;
use crate::catalog::Id;
use crate::db::Error;
use crate::rls::{Act, Actor, Fault, STAND_IN, Shot, Subject};
use crate::text::quote_ident;

impl Prober<'_> {
    /// What lets tries through.
    pub(super) async fn faults(
        &mut self,
        subject: &Subject,
        actor: &Actor,
        act: Act,
        shots: &[Shot],
    ) -> Result<Vec<Fault>, Error> {
        if !subject.row_security {
            return Ok(vec![Fault::Off]);
        }
        if self.bypassing.contains(&actor.role) {
            return Ok(vec![Fault::Bypass(actor.role.clone())]);
        }
        let owner = self.catalog.get(&subject.table).map(|entry| entry.owner.clone()).unwrap_or_default();
        let is_owner =
            actor.role == STAND_IN || self.member_of.get(&actor.role).is_some_and(|roles| roles.contains(&owner));
        if is_owner && !subject.forced {
            return Ok(vec![Fault::NotForced]);
        }
        let candidates: Vec<Id> =
            self.policies_for(&subject.table, act.command(), actor).into_iter().map(|(id, _)| id.clone()).collect();
        let mut found = Vec::new();
        for id in &candidates {
            let others: String = candidates.iter().filter(|it| *it != id).map(drop_of).collect();
            if self.fire_all(actor, shots, &others).await?.0.is_through() {
                found.push(Fault::Policy(id.clone()));
            }
        }
        if found.is_empty() {
            // None does it alone: those without which it does not come to it.
            for id in &candidates {
                if !self.fire_all(actor, shots, &drop_of(id)).await?.0.is_through() {
                    found.push(Fault::Policy(id.clone()));
                }
            }
        }
        if found.is_empty() {
            found = candidates.into_iter().map(Fault::Policy).collect();
        }
        Ok(if found.is_empty() { vec![Fault::Unknown] } else { found })
    }
}

fn drop_of(id: &Id) -> String {
    format!("drop policy {} on {}.{}; ", quote_ident(&id.part), quote_ident(&id.schema), quote_ident(&id.name))
}
