//! Every table itself: each act, by everybody, on his own rows and on others'.

use super::prober::Prober;
use crate::db::Error;
use crate::rls::{
    Act, Actor, ActorKind, Hit, Rule, Shot, Side, Subject, Through, Tried, Violation, breaks, cell, is_tried,
};

impl Prober<'_> {
    /// Tries all tables of the exposed schemas.
    pub(super) async fn tables(&mut self) -> Result<(), Error> {
        let subjects = self.subjects;
        let actors = self.actors;
        for subject in subjects.tables.iter().filter(|it| self.wanted.as_ref().is_none_or(|all| all.contains(&it.table))) {
            if self.rows.get(&subject.table).is_none_or(|rows| rows.iter().all(|row| row.group.is_none())) {
                for (at, _) in actors.iter().enumerate() {
                    for act in Act::ALL {
                        let untried = Some(Hit::Untried("the table has no rows".to_owned()));
                        self.cells.push(cell(&subject.table, at, act, Tried { own: None, other: untried }));
                    }
                }
                continue;
            }
            for (at, actor) in actors.iter().enumerate() {
                for act in Act::ALL {
                    self.one(subject, (at, actor), act).await?;
                }
            }
        }
        self.mend_all();
        Ok(())
    }

    async fn one(&mut self, subject: &'_ Subject, (at, actor): (usize, &Actor), act: Act) -> Result<(), Error> {
        let Some(subject) = self.subjects.get(&subject.table) else { return Ok(()) };
        let access = self.access(actor, &subject.table);
        let mut tried = Tried::default();
        let mut reached: Option<(Vec<Shot>, &'static str)> = None;
        for side in [Side::Own, Side::Other] {
            if !is_tried(actor, subject, act, side) {
                continue;
            }
            let hit = match self.table(subject).shots(actor, &access, act, side) {
                Err(hit) => hit,
                Ok(shots) => {
                    let (hit, how) = self.fire_all(actor, &shots, "").await?;
                    if hit.is_through() && (side == Side::Other || act == Act::Move) {
                        reached = Some((shots, how));
                    }
                    hit
                }
            };
            match side {
                // One's own row that is given away is another's then.
                Side::Own if act == Act::Move => tried.other = Some(hit),
                Side::Own => tried.own = Some(hit),
                Side::Other => tried.other = Some(hit),
            }
        }
        if tried.own.is_none() && tried.other.is_none() {
            return Ok(());
        }
        if let Some(rule) = breaks(subject, actor, act, &tried)
            && !(actor.kind == ActorKind::Forger && self.is_known(subject, act))
        {
            let faults = match (rule, &reached) {
                (Rule::AdminsSeeAll, _) => {
                    // What nobody but the service has a policy for is hidden on purpose.
                    if !self.has_policies_for_users(subject) {
                        self.cells.push(cell(&subject.table, at, act, tried));
                        return Ok(());
                    }
                    vec![crate::rls::Fault::NoPolicy]
                }
                (_, Some((shots, _))) => self.faults(subject, actor, act, shots).await?,
                (_, None) => vec![crate::rls::Fault::Unknown],
            };
            let how = reached.as_ref().map_or("", |(_, how)| how);
            let violation = Violation {
                rule,
                table: subject.table.clone(),
                actors: Vec::new(),
                acts: vec![act],
                through: Through::Table,
                seen: vec![seen(rule, actor, act, tried.other.as_ref(), how)],
                faults,
                mend: Vec::new(),
                advice: Vec::new(),
            };
            self.report(violation, actor);
        }
        self.cells.push(cell(&subject.table, at, act, tried));
        Ok(())
    }

    /// Whether the same was found of a user who says nothing wrong of himself.
    fn is_known(&self, subject: &Subject, act: Act) -> bool {
        self.violations.iter().any(|it| {
            it.table == subject.table && it.through == Through::Table && it.acts.contains(&act) && it.rule == Rule::TenantIsolation
        })
    }

    fn has_policies_for_users(&self, subject: &Subject) -> bool {
        let user = self.actors.iter().find(|it| it.kind == ActorKind::User);
        user.is_some_and(|user| {
            !self.access(user, &subject.table).select.is_empty()
                && !self.policies_for(&subject.table, "select", user).is_empty()
        })
    }
}

/// What was seen, as a sentence without its subject.
fn seen(rule: Rule, actor: &Actor, act: Act, hit: Option<&Hit>, how: &str) -> String {
    let whose = match actor.group {
        None => "tenants' rows",
        Some(0) => "rows of tenant B",
        Some(1) => "rows of tenant A",
        Some(_) => "rows of tenants A and B",
    };
    let one = whose.replacen("rows", "a row", 1);
    let mut text = match (rule, act) {
        (Rule::AdminsSeeAll, _) => format!("does not see {whose}"),
        (_, Act::Select) => format!("sees {whose}"),
        (_, Act::Insert) if actor.group.is_none() => "puts in rows".to_owned(),
        (_, Act::Insert) => format!("puts in {one}"),
        (_, Act::Update) => format!("changes {whose}"),
        (_, Act::Move) => {
            let to = if actor.group == Some(0) { "tenant B" } else { "tenant A" };
            format!("gives a row of its own to {to}")
        }
        (_, Act::Delete) => format!("deletes {whose}"),
    };
    if !how.is_empty() {
        text += &format!(", {how}");
    }
    if let Some(Hit::Passed(what)) = hit {
        text += &format!(" (policies let it through, {what} stopped this one)");
    }
    text
}
