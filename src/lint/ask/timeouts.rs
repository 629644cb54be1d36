//! What the rules about timeouts have in common: which are set when a statement runs, and where to set them.

use crate::lint::{Edit, FileCx, Fix};
use crate::sql::ast::{ExprKind, QueryBody, SetVariable, Stmt, StmtKind};

/// A timeout that a statement sets.
pub(in crate::lint) struct Setting {
    /// `local`.
    pub(in crate::lint) local: bool,
    /// `reset`, `set … to default`.
    pub(in crate::lint) reset: bool,
    /// Its value in milliseconds, 0 for none; `None` where it is not understood.
    pub(in crate::lint) value: Option<u64>,
}

/// Whether the statement sets this timeout, and to what.
pub(in crate::lint) fn setting(stmt: &Stmt, name: &str) -> Option<Setting> {
    match &stmt.kind {
        StmtKind::Set(set) => set_variable(set, name),
        StmtKind::Select(query) => {
            let QueryBody::Select(select) = &query.body else { return None };
            select.targets.iter().find_map(|target| {
                let ExprKind::Call { name: function, args, .. } = &target.expr.kind else { return None };
                let [variable, value, local] = args.as_slice() else { return None };
                if !function.is("pg_catalog", "set_config") || variable.as_string() != Some(name) {
                    return None;
                }
                let value = value.as_string().and_then(milliseconds);
                Some(Setting { local: local.is_always_true(), reset: false, value })
            })
        }
        _ => None,
    }
}

fn set_variable(set: &SetVariable, name: &str) -> Option<Setting> {
    if set.name != name && !(set.reset && set.name == "all") {
        return None;
    }
    let value = set.values.first().and_then(|value| milliseconds(value));
    Some(Setting { local: set.local, reset: set.reset, value })
}

/// The milliseconds of `2s`, `2000`, `5 min`.
pub(in crate::lint) fn milliseconds(text: &str) -> Option<u64> {
    let text = text.trim();
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let (whole, rest) = number.split_once('.').unwrap_or((number, ""));
    let scale: u64 = match unit.trim() {
        "us" => return whole.parse::<u64>().ok().map(|value| value / 1000),
        "" | "ms" => 1,
        "s" => 1000,
        "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    let tenths = rest.bytes().next().map_or(0, |digit| u64::from(digit.saturating_sub(b'0')));
    whole.parse::<u64>().ok().map(|value| value.saturating_mul(scale) + tenths * scale / 10)
}

/// The edit that sets a timeout before the first statement of the file.
pub(in crate::lint) fn set_first(cx: &FileCx<'_>, name: &str, value: &str) -> Option<Fix> {
    // The wrapper around the whole file stays its first statement.
    let wrapped = usize::from(cx.file.transaction.wrapper.is_some());
    let first = cx.file.events.get(wrapped)?;
    // Outside a transaction `local` has no effect.
    let local = if cx.file.is_atomic() && (cx.config.in_transaction || wrapped > 0) { "local " } else { "" };
    let text = format!("set {local}{name} = '{value}';\n");
    Some(Fix::safe(format!("set `{name}` first"), vec![Edit::insert(first.stmt.span.start, text)]))
}

#[cfg(test)]
mod tests {
    use super::milliseconds;

    #[test]
    fn durations_are_read_as_postgresql_reads_them() {
        let read = ["0", "2000", "2s", "1.5s", "5 min", "1h", "100us", "off", "2 seconds"].map(milliseconds);
        let expected =
            [Some(0), Some(2000), Some(2000), Some(1500), Some(300_000), Some(3_600_000), Some(0), None, None];
        assert_eq!(read, expected);
    }
}
