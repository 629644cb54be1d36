//! `dynamic-sql-injection`: dynamic SQL put together from somebody else's words.

use super::ask::body;
use super::ask::taint::{Origin, Variables};
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{Block, ExprKind, Parameter, RoutineBody, StmtKind};

pub(super) static RULE: Rule = Rule {
    id: "dynamic-sql-injection",
    group: Group::Security,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "the text of an `execute` holds a parameter, a column or a field that is not quoted",
    effect: "a caller who writes SQL into it runs that SQL, in a SECURITY DEFINER function with the owner's privileges; a name with capitals or a \
             quote in a value breaks it",
    remedy: "`execute format('… %I … %L …', name, value)`, or better `execute '… $1 …' using value`",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/plpgsql-statements.html#PLPGSQL-QUOTE-LITERAL-EXAMPLE",
        "https://www.postgresql.org/docs/18/functions-string.html#FUNCTIONS-STRING-FORMAT",
    ],
    bad: &["create schema app;\n\
            create function app.row_count(p_table text) returns bigint language plpgsql set search_path = '' as $$\n\
            declare\n  v_count bigint;\nbegin\n  execute 'select count(*) from app.' || p_table into v_count;\n  return v_count;\nend\n$$;\n"],
    good: &[
        "create schema app;\n\
         create function app.row_count(p_table text) returns bigint language plpgsql set search_path = '' as $$\n\
         declare\n  v_count bigint;\nbegin\n  execute format('select count(*) from app.%I', p_table) into v_count;\n  return v_count;\nend\n$$;\n",
        "create schema app;\n\
         create function app.row_count(p_table regclass) returns bigint language plpgsql set search_path = '' as $$\n\
         declare\n  v_sql text := 'select count(*) from ' || p_table::text;\n  v_count bigint;\nbegin\n  \
         execute v_sql into v_count;\n  return v_count;\nend\n$$;\n",
    ],
    checks: &[Check::Anywhere(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    match &cx.stmt().kind {
        StmtKind::CreateRoutine(routine) => {
            if let Some(RoutineBody::Block(block)) = &routine.body {
                check_block(cx, block, &routine.parameters, out);
            }
        }
        StmtKind::Do { body: Some(block), .. } => check_block(cx, block, &[], out),
        _ => {}
    }
}

fn check_block(cx: &EventCx<'_>, block: &Block, parameters: &[Parameter], out: &mut Findings) {
    let executes = body::executes(block);
    if executes.is_empty() {
        return;
    }
    let variables = Variables::new(block, parameters);
    for execute in executes {
        let whole = matches!(execute.command.kind, ExprKind::Column(_));
        let finding = match variables.origin(&execute.command) {
            Origin::Caller(span, what) if whole && span == execute.command.span => cx
                .finding(span, format!("dynamic SQL runs whatever {what} says"))
                .label("the whole command")
                .help("build the command here, from names with `%I` and values with `using`"),
            Origin::Caller(span, what) => {
                cx.finding(span, format!("{what} gets into dynamic SQL unquoted")).label("read as SQL").help(HELP)
            }
            Origin::Rows(span) => cx
                .finding(span, format!("`{}` gets into dynamic SQL unquoted", cx.text(span)))
                .label("read as SQL")
                .help(HELP)
                // Whoever can choose it already has a hand in the data: it breaks more often than it is abused.
                .at_level(Level::Warning),
            Origin::Safe | Origin::Unknown => continue,
        };
        out.push(finding);
    }
}

const HELP: &str = "write `execute format('… %I … %L …', name, value)`; or `execute '… $1 …' using value` for values";
