//! The SQL that mends a violation, where it can be said.

use super::actor::{ActorKind, is_own_word};
use super::admin::AdminWay;
use super::judge::{Fault, Violation};
use super::read::{Facts, Reading};
use super::settings::Settings;
use super::subject::{Relation, Subject, Subjects, is_tenant_reading, is_user_reading, primary_key};
use super::verdict::Act;
use crate::catalog::{Catalog, Id, Kind, Object, Policy};
use crate::text::{bare_ident, quote_literal};

/// The statements that mend a violation, and what they do not say.
pub fn mend(
    (catalog, facts, subjects): (&Catalog, &Facts, &Subjects),
    settings: &Settings,
    subject: &Subject,
    kind: ActorKind,
    (user, anon): (&str, &str),
    violation: &Violation,
) -> (Vec<String>, Vec<String>) {
    let table = subject.table.qualified();
    let own = predicate(catalog, facts, subjects, settings, subject, 0);
    let mut sql = Vec::new();
    let mut advice = Vec::new();
    for fault in &violation.faults {
        match fault {
            Fault::Off => {
                sql.push(format!("alter table {table} enable row level security;"));
                if subject.parent.is_some() {
                    advice.push("rows are reached through the partitioned table, whose policies hold there".to_owned());
                } else if let Some(own) = own.as_ref().filter(|_| !has_policies(catalog, subject)) {
                    sql.push(format!(
                        "create policy own on {table} to {} using ({own}) with check ({own});",
                        bare_ident(user)
                    ));
                }
            }
            Fault::NotForced => sql.push(format!("alter table {table} force row level security;")),
            Fault::Bypass(role) => sql.push(format!("alter role {} nobypassrls;", bare_ident(role))),
            Fault::Policy(id) => {
                let Some(policy) = policy_of(catalog, id) else { continue };
                sql.extend(of_policy(
                    facts,
                    (id, policy),
                    subject,
                    own.as_deref(),
                    violation,
                    (kind, user, anon),
                    &mut advice,
                ));
            }
            Fault::View(id) if catalog.version >= 15 => {
                sql.push(format!("alter view {} set (security_invoker = true);", id.qualified()));
            }
            Fault::View(id) => {
                sql.push(format!("revoke all on {} from {};", id.qualified(), bare_ident(reader(kind, user, anon))));
                advice.push(
                    "before PostgreSQL 15 a view has its owner's rights: its query has to hold back rows".to_owned(),
                );
            }
            Fault::MaterializedView(id) => {
                sql.push(format!("revoke all on {} from public, {};", id.qualified(), roles(user, anon)));
                advice.push(
                    "a materialized view has no policies: give its rows out by a function that asks who calls"
                        .to_owned(),
                );
            }
            Fault::Definer(id) => {
                if kind == ActorKind::Anon {
                    sql.push(format!("revoke execute on function {} from public, {};", id.address(), bare_ident(anon)));
                } else {
                    sql.push(format!("alter function {} security invoker;", id.address()));
                    advice.push(
                        "or let the function itself ask whether the caller may, and leave it as it is".to_owned(),
                    );
                }
            }
            Fault::Cascade(id) => advice.push(format!(
                "let nobody delete what others' rows refer to, or make `{}` a foreign key `on delete restrict`",
                bare_ident(&id.part)
            )),
            Fault::NoPolicy => match admin_condition(catalog, facts) {
                Some(condition) => {
                    sql.push(format!(
                        "create policy admins_see_all on {table} for select to {} using ({condition});",
                        bare_ident(user)
                    ));
                }
                None => advice.push("add a policy for select whose condition is true for administrators".to_owned()),
            },
            Fault::Unknown => {}
        }
    }
    let is_read = violation.acts == [Act::Select] && violation.through == super::judge::Through::Table;
    if is_read && violation.rule != super::judge::Rule::AdminsSeeAll && violation.faults != [Fault::Off] {
        advice.push(format!(
            "or, where everybody may read {table}, state it: `-- dbctl: public` before its `create table`"
        ));
    }
    let shares: Vec<String> = violation
        .faults
        .iter()
        .filter_map(|fault| match fault {
            Fault::Policy(id) => facts.named.get(id),
            _ => None,
        })
        .flatten()
        .filter(|id| id.kind == Kind::Table && **id != subject.table && subjects.get(id).is_some())
        .map(Id::qualified)
        .collect();
    if is_read && !shares.is_empty() {
        advice.push(format!("or, where rows of {} are there to share these, state that of it", shares.join(" or ")));
    }
    sql.dedup();
    advice.dedup();
    (sql, advice)
}

fn reader<'a>(kind: ActorKind, user: &'a str, anon: &'a str) -> &'a str {
    if kind == ActorKind::Anon { anon } else { user }
}

fn roles(user: &str, anon: &str) -> String {
    if user == anon { bare_ident(user).into_owned() } else { format!("{}, {}", bare_ident(anon), bare_ident(user)) }
}

fn policy_of<'a>(catalog: &'a Catalog, id: &Id) -> Option<&'a Policy> {
    match &catalog.get(id)?.object {
        Object::Policy(policy) => Some(policy),
        _ => None,
    }
}

fn has_policies(catalog: &Catalog, subject: &Subject) -> bool {
    catalog.parts(&subject.table, Kind::Policy).next().is_some()
}

/// What mends a policy.
fn of_policy(
    facts: &Facts,
    (id, policy): (&Id, &Policy),
    subject: &Subject,
    own: Option<&str>,
    violation: &Violation,
    (kind, user, anon): (ActorKind, &str, &str),
    advice: &mut Vec<String>,
) -> Option<String> {
    let name = bare_ident(&id.part);
    let table = format!("{}.{}", bare_ident(&id.schema), bare_ident(&id.name));
    let alter = format!("alter policy {name} on {table}");
    let reads_own_words = facts.by_policy.get(id).is_some_and(|readings| readings.iter().any(is_own_word));
    if reads_own_words && kind == ActorKind::Forger {
        advice.push("only the service can write app_metadata, users write user_metadata themselves".to_owned());
        let text = |it: &String| {
            it.replace("raw_user_meta_data", "raw_app_meta_data").replace("user_metadata", "app_metadata")
        };
        let (using, check) = (policy.using.as_ref().map(text), policy.check.as_ref().map(text));
        return Some(clauses(&alter, using.as_deref(), check.as_deref()));
    }
    let is_constant = |text: &Option<String>| text.as_deref().is_some_and(|it| it.trim_matches(['(', ')']) == "true");
    // A condition that asks nothing of the user would let every user through instead.
    let asks = facts.by_policy.get(id).is_some_and(|readings| readings.iter().any(|it| !is_own_word(it)));
    // Who has not logged in reads by a policy that is for everybody, and says nothing about him.
    let is_for_all = policy.roles.is_empty() || policy.roles.iter().any(|role| role == anon);
    if kind == ActorKind::Anon
        && is_for_all
        && user != anon
        && !is_constant(&policy.using)
        && !is_constant(&policy.check)
        && asks
    {
        return Some(format!("{alter} to {};", bare_ident(user)));
    }
    let Some(own) = own else {
        if kind == ActorKind::Anon && user != anon {
            return Some(format!("{alter} to {};", bare_ident(user)));
        }
        advice.push(format!("or let {name} ask whose the row is: nothing in the table says how"));
        return Some(format!("drop policy {name} on {table};"));
    };
    let writes = matches!(policy.command.as_str(), "insert" | "update" | "all");
    let reads = policy.command != "insert";
    let only_check = violation.acts.iter().all(|act| matches!(act, Act::Insert | Act::Move));
    // What the policy asks for already is kept where only its check is missing.
    let using = policy.using.as_deref().filter(|_| only_check && !is_constant(&policy.using));
    let check = writes.then_some(using.unwrap_or(own));
    let using = (reads && !only_check).then_some(own);
    let is_same =
        |new: Option<&str>, old: Option<&String>| new.is_none_or(|new| old.is_some_and(|old| plain(new) == plain(old)));
    let old_check = policy.check.as_ref().or(policy.using.as_ref());
    if is_same(using, policy.using.as_ref()) && is_same(check, old_check) {
        advice.push(in_words(subject, &name, violation));
        return None;
    }
    let to = if kind == ActorKind::Anon && user != anon && !policy.roles.iter().any(|role| role == user) {
        format!(" to {}", bare_ident(user))
    } else {
        String::new()
    };
    Some(clauses(&format!("{alter}{to}"), using, check))
}

/// What a policy has to ask, where its condition alone cannot say it: that it names the caller is not enough.
fn in_words(subject: &Subject, name: &str, violation: &Violation) -> String {
    let table = subject.table.qualified();
    let owner = subject
        .tenant
        .as_ref()
        .or(subject.users.first())
        .map_or_else(|| "what says whose the row is".to_owned(), |it| format!("`{}`", bare_ident(it)));
    match violation.acts.as_slice() {
        [Act::Insert] => format!(
            "let {name} also ask that whoever puts a row into {table} may do so for {owner}: that he manages that tenant \
             already, or was invited to it; or let only a function or the service that asks this put rows in"
        ),
        acts if acts.contains(&Act::Move) || acts.contains(&Act::Update) => format!(
            "let {name} also ask that {owner} stays what it was: a check sees only the new row, so grant update on the \
             other columns alone (`revoke update on {table} from …; grant update (…) on {table} to …`), or compare in a trigger"
        ),
        _ => format!("let {name} also ask whose the row is by {owner}"),
    }
}

/// A condition as it is compared: without spaces, parentheses, casts and the query around a call.
fn plain(text: &str) -> String {
    let text = text.to_lowercase().replace(" as uid", " ");
    let words = text.replace("select ", "");
    words.chars().filter(|it| !it.is_whitespace() && !matches!(it, '(' | ')' | '"')).collect()
}

fn clauses(alter: &str, using: Option<&str>, check: Option<&str>) -> String {
    let using = using.map(|it| format!(" using ({})", stripped(it))).unwrap_or_default();
    let check = check.map(|it| format!(" with check ({})", stripped(it))).unwrap_or_default();
    format!("{alter}{using}{check};")
}

/// An expression without the parentheses around the whole of it.
fn stripped(text: &str) -> &str {
    let Some(inner) = text.strip_prefix('(').and_then(|it| it.strip_suffix(')')) else { return text };
    let mut depth = 0_i32;
    for c in inner.chars() {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if depth < 0 {
            return text;
        }
    }
    inner
}

/// The condition that holds for one's own rows, as policies of this database would say it.
pub fn predicate(
    catalog: &Catalog,
    facts: &Facts,
    subjects: &Subjects,
    settings: &Settings,
    subject: &Subject,
    depth: usize,
) -> Option<String> {
    let column = |name: &str| bare_ident(name).into_owned();
    let type_of = |table: &Id, name: &str| match catalog.get(&table.beside(Kind::Column, name)).map(|it| &it.object) {
        Some(Object::Column(it)) => it.data_type.clone(),
        _ => "uuid".to_owned(),
    };
    if let Some(tenant) = &subject.tenant {
        let reading = facts.readings.iter().find(|it| is_tenant_reading(it) && !is_own_word(it));
        if let Some(expr) = reading.and_then(|it| expression(it, &type_of(&subject.table, tenant))) {
            return Some(format!("{} = {expr}", column(tenant)));
        }
        let member = subjects.all().find(|it| {
            it.table != subject.table
                && it.is_membership()
                && Some(&it.table) != subjects.tenants.as_ref()
                && it.users.iter().any(|user| facts.of(&it.table, user).any(is_user_reading))
        });
        if let (Some(member), Some(me)) = (member, me(facts, settings))
            && let (Some(of), Some(user)) = (&member.tenant, member.users.first())
        {
            return Some(format!(
                "{} in (select m.{} from {} m where m.{} = {me})",
                column(tenant),
                column(of),
                member.table.qualified(),
                column(user)
            ));
        }
    }
    if let (Some(user), Some(me)) = (subject.users.first(), me(facts, settings)) {
        return Some(format!("{} = {me}", column(user)));
    }
    if let Relation::Through(to) = &subject.relation
        && depth < 2
        && let Some(parent) = subjects.get(to)
        && let Some(inner) = predicate(catalog, facts, subjects, settings, parent, depth + 1)
        && let Some([key]) = primary_key(catalog, to).as_deref()
        && let Some(through) = super::subject::foreign_keys(catalog)
            .iter()
            .find(|it| it.table == subject.table && it.to == *to)
            .and_then(|it| it.columns.first().cloned())
    {
        return Some(format!("{} in (select {} from {} where {inner})", column(&through), column(key), to.qualified()));
    }
    None
}

/// How whoever asks is named.
fn me(facts: &Facts, settings: &Settings) -> Option<String> {
    if settings.is_supabase {
        return Some("(select auth.uid())".to_owned());
    }
    facts.readings.iter().find(|it| is_user_reading(it) && !is_own_word(it)).and_then(|it| expression(it, "uuid"))
}

fn expression(reading: &Reading, data_type: &str) -> Option<String> {
    let cast = |text: String| if data_type == "text" { text } else { format!("({text})::{data_type}") };
    Some(match reading {
        Reading::User => "(select auth.uid())".to_owned(),
        Reading::Setting(name) => cast(format!("current_setting({}, true)", quote_literal(name))),
        Reading::Claim(path) => {
            let (last, before) = path.split_last()?;
            let steps: Vec<String> = before.iter().map(|it| quote_literal(it)).collect();
            let steps = if steps.is_empty() { String::new() } else { format!(" -> {}", steps.join(" -> ")) };
            cast(format!("(select auth.jwt()){steps} ->> {}", quote_literal(last)))
        }
        Reading::Email | Reading::Role => return None,
    })
}

/// What another policy asks of an administrator, where it asks nothing else.
fn admin_condition(catalog: &Catalog, facts: &Facts) -> Option<String> {
    let known = facts.admin_of.iter().filter(|(_, ways)| !ways.is_empty()).filter_map(|(id, _)| policy_of(catalog, id));
    let mut texts: Vec<&String> = known.filter_map(|policy| policy.using.as_ref()).collect();
    texts.sort_by_key(|text| text.len());
    let only = |text: &&&String| !text.to_lowercase().contains(" or ");
    if let Some(text) = texts.iter().find(only) {
        return Some(stripped(text).to_owned());
    }
    facts.admin.iter().find_map(|way| match way {
        AdminWay::Reading { reading, value } => {
            let expr = expression(reading, if value.is_none() { "boolean" } else { "text" })?;
            Some(value.as_ref().map_or(expr.clone(), |value| format!("{expr} = {}", quote_literal(value))))
        }
        AdminWay::Column { .. } => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_the_same_however_the_server_writes_it() {
        assert_eq!(plain("(user_id = ( SELECT auth.uid() AS uid))"), plain("user_id = (select auth.uid())"));
        assert_ne!(plain("user_id = auth.uid()"), plain("owner_id = auth.uid()"));
    }
}
