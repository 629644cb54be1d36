//! Functions that run with their owner's rights: what they give may not depend on rows of others, and they may not change them.

use std::collections::BTreeSet;

use super::prober::{Answer, Prober};
use crate::catalog::{Argument, Id, Object};
use crate::db::Error;
use crate::rls::{Act, Actor, Fault, Subject, Through, literal_of};
use crate::text::quote_literal;

/// In how many ways a function is called at most.
const MOST: usize = 6;

/// A function to be called.
struct Callee<'a> {
    id: &'a Id,
    arguments: Vec<&'a Argument>,
    returns: &'a str,
    is_procedure: bool,
}

impl<'a> Prober<'a> {
    /// Calls all functions of the exposed schemas that run with their owner's rights.
    pub(super) async fn functions(&mut self) -> Result<(), Error> {
        let (catalog, actors) = (self.catalog, self.actors);
        let schemas: BTreeSet<&str> = self.subjects.tables.iter().map(|it| it.table.schema.as_str()).collect();
        for (id, entry) in catalog.entries.iter().filter(|(id, _)| schemas.contains(id.schema.as_str())) {
            let callee = match &entry.object {
                Object::Function(it) if it.security_definer && !is_trigger(&it.returns) => Callee {
                    id,
                    arguments: it.arguments.iter().filter(|it| Argument::is_input(it)).collect(),
                    returns: &it.returns,
                    is_procedure: false,
                },
                Object::Procedure(it) if it.security_definer => Callee {
                    id,
                    arguments: it.arguments.iter().filter(|it| Argument::is_input(it)).collect(),
                    returns: "void",
                    is_procedure: true,
                },
                _ => continue,
            };
            for actor in actors.iter().filter(|it| it.is_ordinary()) {
                if self.may_call(id, actor).await? {
                    self.call(&callee, actor).await?;
                }
            }
        }
        self.mend_all();
        Ok(())
    }

    async fn may_call(&self, id: &Id, actor: &Actor) -> Result<bool, Error> {
        let (role, name) = (quote_literal(&actor.role), quote_literal(&id.address()));
        let sql = format!(
            "select has_function_privilege({role}, {name}::regprocedure, 'execute') \
             and has_schema_privilege({role}, {}, 'usage')",
            quote_literal(&id.schema)
        );
        match self.session.rows(&format!("savepoint dbctl_ask; {sql}")).await {
            Err(Error::Server(_)) => {
                self.session.batch("rollback to savepoint dbctl_ask; release savepoint dbctl_ask").await?;
                Ok(false)
            }
            other => {
                let may = other?.first().and_then(|row| row.get(0)) == Some("t");
                self.session.batch("release savepoint dbctl_ask").await?;
                Ok(may)
            }
        }
    }

    /// Calls a function in some ways, and looks at what it gives and leaves.
    async fn call(&mut self, callee: &Callee<'a>, actor: &Actor) -> Result<(), Error> {
        let Some(ways) = self.ways(callee, actor) else {
            self.untried.push((callee.id.clone(), "no simple values for its arguments are known".to_owned()));
            return Ok(());
        };
        let all: Vec<&'a Subject> = self.subjects.all().collect();
        let is_helper = self.facts.named.values().any(|named| named.contains(callee.id));
        let tells = !callee.is_procedure && tells(callee.returns, is_helper);
        let mut found: BTreeSet<(Act, &Id)> = BTreeSet::new();
        for given in ways {
            let name = format!("{}({})", callee.id.qualified(), given.join(", "));
            let sql = if callee.is_procedure {
                format!("call {name}")
            } else {
                format!(
                    "select count(*) || ' ' || md5(coalesce(string_agg(x, E'\\n' order by x), '')) \
                     from (select {name}::text as x) s"
                )
            };
            let through = Through::Function(callee.id.clone(), name.clone());
            if tells {
                for subject in self.showing(actor, ("", &sql), &all).await? {
                    if found.insert((Act::Select, &subject.table)) {
                        self.leak(subject, actor, Act::Select, through.clone(), Fault::Definer(callee.id.clone()), "");
                    }
                }
            }
            let after = self.changes(actor, &all);
            match self.ask(actor, "", &sql, Some(&after)).await? {
                Answer::Given(_, Some(changed)) => {
                    let at: Option<usize> = changed.split(' ').next().and_then(|it| it.parse().ok());
                    if let Some(subject) = at.and_then(|at| all.get(at)).copied()
                        && found.insert((Act::Update, &subject.table))
                    {
                        self.leak(subject, actor, Act::Update, through, Fault::Definer(callee.id.clone()), "");
                    }
                }
                Answer::Given(..) | Answer::Refused(_) | Answer::Unready(_) => {}
            }
        }
        Ok(())
    }

    /// A query for the number of the first table in which rows of others are not what they were.
    fn changes(&self, actor: &Actor, all: &[&'a Subject]) -> String {
        let mut queries = Vec::new();
        for (at, subject) in all.iter().enumerate() {
            // Rows of nobody are nobody's to keep.
            if (subject.is_owned() || actor.group.is_none())
                && let Some(query) = self.table(subject).others_changed(actor)
            {
                queries.push(format!("select {at} as n where ({query}) > 0"));
            }
        }
        if queries.is_empty() {
            return "select null".to_owned();
        }
        format!("select min(n)::text from ({}) t", queries.join(" union all "))
    }

    /// Values for the arguments: those of another tenant, by name and type; none where nobody knows any.
    fn ways(&self, callee: &Callee<'a>, actor: &Actor) -> Option<Vec<Vec<String>>> {
        let needed: Vec<&Argument> = callee.arguments.iter().copied().filter(|it| it.default.is_none()).collect();
        if needed.is_empty() && callee.arguments.is_empty() {
            return Some(vec![Vec::new()]);
        }
        let given = if needed.is_empty() { Vec::new() } else { needed.clone() };
        let mut choices: Vec<Vec<String>> = Vec::new();
        for argument in &given {
            choices.push(self.values_for(argument, actor)?);
        }
        let most = choices.iter().map(Vec::len).max().unwrap_or(1).min(MOST);
        let mut ways: Vec<Vec<String>> = Vec::new();
        for at in 0..most {
            let way: Vec<String> = choices.iter().map(|all| all[at.min(all.len() - 1)].clone()).collect();
            if !ways.contains(&way) {
                ways.push(way);
            }
        }
        if ways.is_empty() {
            ways.push(Vec::new());
        }
        Some(ways)
    }

    /// Values of another tenant for an argument, the likeliest first.
    fn values_for(&self, argument: &Argument, actor: &Actor) -> Option<Vec<String>> {
        let group = usize::from(actor.group == Some(0));
        let data_type = argument.data_type.as_str();
        let literal = |value: &str| literal_of(value, data_type);
        match data_type {
            "boolean" => return Some(vec!["true".to_owned(), "false".to_owned()]),
            "uuid" | "bigint" | "integer" | "smallint" | "text" | "character varying" => {}
            _ => return None,
        }
        let mut found: Vec<String> = Vec::new();
        let name = argument.name.trim_start_matches("p_").trim_start_matches('_').trim_end_matches("_in");
        let stem = name.trim_end_matches("_id").trim_end_matches("_uuid");
        let mut subjects: Vec<&Subject> = self.subjects.all().collect();
        // `p_order_id` is most likely the key of `orders`.
        subjects.sort_by_key(|it| {
            let table = it.table.name.as_str();
            let is_named = table == stem || table.trim_end_matches('s') == stem || table.trim_end_matches("es") == stem;
            (!is_named, !it.is_owned())
        });
        for subject in &subjects {
            let Some(row) = self.rows.get(&subject.table).into_iter().flatten().find(|row| row.group == Some(group))
            else {
                continue;
            };
            let columns = self.catalog.columns(&subject.table);
            let fits = |column: &str| columns.iter().any(|(id, _, it)| id.part == column && it.data_type == data_type);
            // An argument that has a column's name takes that column's value.
            let by_name = [argument.name.as_str(), name].into_iter().find(|it| fits(it));
            let key = crate::rls::primary_key(self.catalog, &subject.table).filter(|key| key.len() == 1);
            let key = key.and_then(|mut key| key.pop()).filter(|column| fits(column));
            let is_number = matches!(data_type, "bigint" | "integer" | "smallint");
            let is_limit = is_number && !name.ends_with("id");
            let is_text = matches!(data_type, "text" | "character varying");
            let columns = by_name.map(str::to_owned).into_iter().chain(key.filter(|_| !is_limit && !is_text));
            for value in columns.filter_map(|column| row.value(&column).map(literal)) {
                if !found.contains(&value) {
                    found.push(value);
                }
            }
        }
        if found.is_empty() {
            found.push(match data_type {
                "text" | "character varying" => format!("''::{data_type}"),
                "uuid" => "gen_random_uuid()".to_owned(),
                _ => format!("10::{data_type}"),
            });
        }
        found.truncate(MOST);
        Some(found)
    }
}

fn is_trigger(returns: &str) -> bool {
    matches!(returns, "trigger" | "event_trigger")
}

/// Whether what a function gives tells of rows: yes and no do not, nor does an id that policies ask for.
fn tells(returns: &str, is_helper: bool) -> bool {
    let bare = returns.trim_start_matches("SETOF ").trim_end_matches("[]");
    let is_id = matches!(bare, "uuid" | "bigint" | "integer" | "text");
    !matches!(bare, "boolean" | "void") && !(is_helper && is_id)
}
