//! `queue-exposed`: a queue that clients can read and fill.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Level;
use crate::lint::schema::Place;
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Origin, Profile, Rule};
use crate::sql::ast::{Expr, ExprKind, StmtKind, TableActionKind};

pub(super) static RULE: Rule = Rule {
    id: "queue-exposed",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Warning,
    opt_in: false,
    condition: "a queue of `pgmq` has no row-level security while the schema `pgmq_public` shows queues through the API",
    effect: "every client reads, sends and deletes messages of the queue",
    remedy: "enable row-level security on the queue's table, `pgmq.q_<name>`, and add policies for who may use it",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://supabase.com/docs/guides/database/database-linter?lint=0019_insecure_queue_exposed_in_api"],
    bad: &["create schema pgmq;\ncreate schema pgmq_public;\ncreate table pgmq.q_mails (msg_id bigint primary key);\n\
            create function pgmq.create(queue_name text) returns void language sql as $$ select $$;\n-- then\n\
            select pgmq.create('mails');\n"],
    good: &[
        "create schema pgmq;\ncreate schema pgmq_public;\ncreate table pgmq.q_mails (msg_id bigint primary key);\n\
             create function pgmq.create(queue_name text) returns void language sql as $$ select $$;\n-- then\n\
             select pgmq.create('mails');\nalter table pgmq.q_mails enable row level security;\n",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    if !cx.config.is_exposed("pgmq_public") && !cx.schema.schemas.contains_key("pgmq_public") {
        return;
    }
    let mut queues: BTreeMap<String, Place> = BTreeMap::new();
    let mut protected: BTreeSet<&str> = BTreeSet::new();
    for file in cx.files {
        for event in file.events.iter().filter(|event| event.origin != Origin::Routine) {
            match &event.stmt.kind {
                StmtKind::Select(query) => {
                    for expr in query.exprs() {
                        let Some((function, queue)) = call(expr) else { continue };
                        if function == "drop_queue" {
                            queues.remove(&queue);
                        } else {
                            queues.insert(queue, Place::new(file.id, expr.span));
                        }
                    }
                }
                StmtKind::AlterTable(alter) if alter.name.schema() == Some("pgmq") => {
                    let enables = |kind: &TableActionKind| matches!(kind, TableActionKind::RowSecurity(true));
                    if alter.actions.iter().any(|action| enables(&action.kind)) {
                        protected.insert(alter.name.object());
                    }
                }
                _ => {}
            }
        }
    }
    for (queue, place) in queues {
        let table = format!("q_{}", queue.to_lowercase());
        if protected.contains(table.as_str()) {
            continue;
        }
        out.push(
            cx.finding(
                place,
                format!("every client of the API can use queue `{queue}`: `pgmq.{table}` has no row-level security"),
            )
            .label("no row-level security")
            .about(format!("pgmq.{table}"))
            .help(format!(
                "write `alter table pgmq.{table} enable row level security;`, and policies for who may use it"
            )),
        );
    }
}

/// The function of `pgmq` that makes or drops a queue, and the queue.
fn call(expr: &Expr) -> Option<(&str, String)> {
    let ExprKind::Call { name, args, .. } = &expr.kind else { return None };
    let is_one = matches!(
        name.object(),
        "create" | "create_non_partitioned" | "create_partitioned" | "create_unlogged" | "drop_queue"
    );
    if name.schema() != Some("pgmq") || !is_one {
        return None;
    }
    Some((name.object(), args.first()?.as_string()?.to_owned()))
}
