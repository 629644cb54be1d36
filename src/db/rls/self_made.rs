//! Whether a user can make himself an administrator, by the column that says who is one.

use super::prober::Prober;
use crate::catalog::{Kind, Object};
use crate::db::Error;
use crate::rls::{ActorKind, AdminWay, Finding, Hit, Shot, literal_of, primary_key};
use crate::text::{bare_ident, quote_ident};

impl Prober<'_> {
    /// Tries it with each such column of a row that is his own.
    pub(super) async fn self_made(&mut self) -> Result<(), Error> {
        let (facts, actors) = (self.facts, self.actors);
        let Some(user) = actors.iter().find(|it| it.kind == ActorKind::User && it.group == Some(0)) else {
            return Ok(());
        };
        for way in &facts.admin {
            let AdminWay::Column { table, column, value } = way else { continue };
            let access = self.access(user, table);
            let own = self.rows.get(table).into_iter().flatten().find(|row| row.group == Some(0)).cloned();
            let (Some(own), Some(key)) = (own, primary_key(self.catalog, table)) else { continue };
            let reads = access.usage && key.iter().all(|it| access.select.contains(it));
            if !reads || !access.update.contains(column) || !self.is_wanted(table) {
                continue;
            }
            let literal = |column: &str, value: Option<&str>| {
                let entry = self.catalog.get(&table.beside(Kind::Column, column));
                match (value, entry.map(|entry| &entry.object)) {
                    (Some(value), Some(Object::Column(it))) => literal_of(value, &it.data_type),
                    _ => "null".to_owned(),
                }
            };
            let is_his: Vec<String> =
                key.iter().map(|it| format!("{} = {}", quote_ident(it), literal(it, own.value(it)))).collect();
            let wanted = value.as_ref().map_or("true".to_owned(), |value| literal(column, Some(value)));
            let (name, set, is_his) = (table.qualified(), quote_ident(column), is_his.join(" and "));
            let shot = Shot {
                sql: format!("update {name} set {set} = {wanted} where {is_his}"),
                after: Some(format!("select count(*) from {name} where {is_his} and {set} = {wanted}")),
                ..Shot::default()
            };
            if self.fire(user, &shot, "").await? == Hit::Done {
                let text =
                    format!("a user can set {} of his own row, and is an administrator then", bare_ident(column));
                let columns: Vec<String> =
                    access.update.iter().filter(|it| *it != column).map(|it| bare_ident(it).into_owned()).collect();
                let role = bare_ident(&user.role);
                let mend = vec![
                    format!("revoke update on {name} from {role};"),
                    format!("grant update ({}) on {name} to {role};", columns.join(", ")),
                ];
                self.findings.push(Finding { kind: "self-made-admin", id: table.clone(), text, mend });
            }
        }
        Ok(())
    }
}
