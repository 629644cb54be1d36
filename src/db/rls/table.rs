//! Every table itself: each act, by everybody, on his own rows and on others'.

use super::prober::Prober;
use crate::db::Error;
use crate::rls::{
    Act, Actor, ActorKind, Finding, Hit, Rule, Shot, Side, Subject, Through, Tried, Violation, breaks, cell, is_tried,
};

impl Prober<'_> {
    /// Tries all tables of the exposed schemas.
    pub(super) async fn tables(&mut self) -> Result<(), Error> {
        let (subjects, actors) = (self.subjects, self.actors);
        // Nobody comes first: once a setting was made, the session knows it as an empty text.
        for (at, actor) in actors.iter().enumerate() {
            for subject in &subjects.tables {
                if !self.is_wanted(&subject.table) {
                    continue;
                }
                let is_empty =
                    self.rows.get(&subject.table).is_none_or(|rows| rows.iter().all(|row| row.group.is_none()));
                for act in Act::ALL {
                    if is_empty {
                        let untried = Some(Hit::Untried("the table has no rows".to_owned()));
                        self.cells.push(cell(&subject.table, at, act, Tried { own: None, other: untried }));
                    } else {
                        self.one(subject, (at, actor), act).await?;
                    }
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
            let shots = self.table(subject).shots(actor, &access, act, side);
            let hit = match shots {
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
        let mut broken = breaks(subject, actor, act, &tried);
        if actor.kind == ActorKind::Forger && self.is_known(subject, act) {
            broken = None;
        }
        if act == Act::Select
            && broken.is_some_and(|rule| rule != Rule::AdminsSeeAll)
            && let Some((shots, _)) = &reached
            && self.is_shared_by_statement(subject, actor, shots).await?
        {
            broken = None;
        }
        if let Some(rule) = broken {
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
        let is_write = matches!(act, Act::Update | Act::Delete);
        if is_write && !subject.is_owned() && actor.is_ordinary() && actor.group.is_some() && reached.is_some() {
            let text = format!("rows that belong to nobody: every user may {} them", act.word());
            let id = subject.table.clone();
            self.findings.push(Finding { kind: "shared-writable", id, text, mend: Vec::new() });
        }
        self.cells.push(cell(&subject.table, at, act, tried));
        Ok(())
    }

    /// Whether rows are only seen because rows of another table, which is stated to be public, share them.
    async fn is_shared_by_statement(
        &mut self,
        subject: &Subject,
        actor: &Actor,
        shots: &[Shot],
    ) -> Result<bool, Error> {
        let stated: Vec<&Subject> =
            self.subjects.all().filter(|it| it.public.is_some() && it.table != subject.table).collect();
        let extra: String = stated.iter().map(|it| self.table(it).without_others(actor)).collect();
        Ok(!extra.is_empty() && !self.fire_all(actor, shots, &extra).await?.0.is_through())
    }

    /// Whether the same was found of a user who says nothing wrong of himself.
    fn is_known(&self, subject: &Subject, act: Act) -> bool {
        self.violations.iter().any(|it| {
            it.table == subject.table
                && it.through == Through::Table
                && it.acts.contains(&act)
                && it.rule == Rule::TenantIsolation
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

/// What was seen, as a sentence.
pub(super) fn seen(rule: Rule, actor: &Actor, act: Act, hit: Option<&Hit>, how: &str) -> String {
    let whose = match actor.group {
        None => "",
        Some(0 | 1) => " of the other tenant",
        Some(_) => " of tenants A and B",
    };
    let mut text = match (rule, act) {
        (Rule::AdminsSeeAll, _) if actor.kind == ActorKind::TenantAdmin => {
            "rows of its own tenant are not seen".to_owned()
        }
        (Rule::AdminsSeeAll, _) => format!("rows{whose} are not seen"),
        (_, Act::Select) => format!("rows{whose} are seen"),
        (_, Act::Insert) => format!("a row{whose} is put in"),
        (_, Act::Update) => format!("rows{whose} are changed"),
        (_, Act::Move) => "a row of its own is given to the other tenant".to_owned(),
        (_, Act::Delete) => format!("rows{whose} are deleted"),
    };
    if !how.is_empty() {
        text += &format!(", {how}");
    }
    if let Some(Hit::Passed(what)) = hit {
        text += &format!(" (policies let it through, {what} stopped this one)");
    }
    text
}
