//! `hardcoded-value`: an identifier, address or date of one environment stands in the SQL: a UUID, an e-mail address, a URL, a host or IP, a date.

use crate::diagnostic::Level;
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Profile, Rule};

use super::strings::{Constant, each};
use crate::lint::Origin;
use crate::sql::ast::{Insert, InsertSource, PartitionBound, QueryBody, StmtKind, TableActionKind};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "hardcoded-value",
    group: Group::Hygiene,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "an identifier, address or date of one environment stands in the SQL: a UUID, an e-mail address, a URL, a host or IP, a date",
    effect: "it is right in one database and wrong in every other: rows that are looked up by it are not there, mail goes to one person, hooks call production from a test",
    remedy: "look it up by a key that is the same everywhere, or read it from a setting (`current_setting`) or from Vault",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &[],
    bad: &[
        "create table public.members (org_id uuid);\n-- then\ninsert into public.members (org_id) values ('5f0c954e-9d4b-4b12-b3a1-7c2b1f0e8d11');\n",
        "create table public.orders (id bigint primary key);\n-- then\ncreate policy boss on public.orders using (auth.email() = 'jane@acme.io');\n",
        "create function public.hook() returns text language plpgsql as $$ begin return 'https://api.acme.io/hook'; end $$;\n",
        "create table public.orders (id bigint primary key, due date);\n-- then\nupdate public.orders set due = '2024-06-30' where id = 1;\n",
    ],
    good: &[
        "create table public.orders (id uuid primary key);\n-- then\ninsert into public.orders (id) values ('00000000-0000-0000-0000-000000000000');\nselect 'admin@example.com', 'http://localhost:54321/x', '127.0.0.1';\n",
        "create table public.jobs (id uuid primary key, args text);\n-- then\ninsert into public.jobs (id) values ('5f0c954e-9d4b-4b12-b3a1-7c2b1f0e8d11');\n-- then\nupdate public.jobs set args = '' where id = '5f0c954e-9d4b-4b12-b3a1-7c2b1f0e8d11';\n",
        "create table public.prices (model text primary key, since date);\n-- then\ninsert into public.prices values ('gpt-4', '2023-11-06');\n",
        "create table public.events (at date default '1970-01-01') partition by range (at);\ncreate table public.events_2024 partition of public.events for values from ('2024-01-01') to ('2025-01-01');\n",
        "create table public.users (email text check (email ~ '^[a-z]+@acme.io$'));\ncomment on table public.users is 'See https://wiki.acme.io/users';\n",
    ],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let text = cx.file.text();
    if !text.contains('\'') {
        return;
    }
    let mut exempt: Vec<Span> = Vec::new();
    for event in &cx.file.events {
        exempt_spans(&event.stmt.kind, &mut exempt);
    }
    for event in cx.file.events.iter().filter(|event| event.origin == Origin::Top && can_hold_values(&event.stmt.kind))
    {
        // One of a kind is enough for a statement: a list of seeds says it once.
        let mut seen: Vec<(Hard, Span, usize)> = Vec::new();
        each(text, event.stmt.span, &mut |constant| {
            let is_bound =
                exempt.iter().any(|bound| bound.start <= constant.span.start && constant.span.end <= bound.end);
            if is_bound || is_pattern(&constant) || is_message(constant.statement) {
                return;
            }
            let Some(kind) = hard(constant.inner) else { return };
            // A date in a row that is inserted is what the row says, the same in every database.
            let is_data = kind == Hard::Date && matches!(event.stmt.kind, StmtKind::Insert(_));
            if is_data || kind == Hard::Uuid && is_inserted(cx, &constant) {
                return;
            }
            match seen.iter_mut().find(|(other, ..)| *other == kind) {
                Some((_, _, count)) => *count += 1,
                None => seen.push((kind, constant.span, 1)),
            }
        });
        for (kind, span, count) in seen {
            let finding = cx
                .finding(span, format!("{} is written into the migration", kind.phrase()))
                .label(kind.label())
                .help(kind.help());
            out.push(if count > 1 { finding.note(format!("{count} of them in this statement")) } else { finding });
        }
    }
}

/// Whether a statement of the chain before this one inserts the same constant: then every database has that row.
fn is_inserted(cx: &FileCx<'_>, constant: &Constant<'_>) -> bool {
    let (own, written) = (cx.file.id, constant.span.of(cx.file.text()));
    cx.files.iter().filter(|file| file.id <= own).any(|file| {
        let text = file.text();
        let ends = if file.id == own { constant.span.start } else { text.len() };
        text[..ends].contains(written)
            && file.events.iter().any(|event| {
                let span = event.stmt.span;
                matches!(event.stmt.kind, StmtKind::Insert(_)) && span.end <= ends && span.of(text).contains(written)
            })
    })
}

/// What is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hard {
    Uuid,
    Mail,
    Url,
    Address,
    Date,
}

impl Hard {
    fn phrase(self) -> &'static str {
        match self {
            Self::Uuid => "the UUID of a row",
            Self::Mail => "an e-mail address",
            Self::Url => "a URL",
            Self::Address => "an IP address",
            Self::Date => "a date",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Uuid => "another row, or none, in every other database",
            Self::Mail => "the same person everywhere",
            Self::Url | Self::Address => "the same host in every environment",
            Self::Date => "the same day whenever this runs",
        }
    }

    fn help(self) -> &'static str {
        match self {
            Self::Uuid => "look the row up by a key that is the same everywhere: `(select id from … where slug = …)`",
            Self::Mail => {
                "look the person up by a role, or read the address from a setting: `current_setting('app.…')`"
            }
            Self::Url | Self::Address => "read it from a setting (`current_setting('app.…')`) or from Vault",
            Self::Date => "compute it (`current_date`, `now() - interval '…'`), or keep it in a table of settings",
        }
    }
}

/// Statements that only name, describe or configure hold no values.
fn can_hold_values(kind: &StmtKind) -> bool {
    !matches!(
        kind,
        StmtKind::CommentOn(_)
            | StmtKind::CreateExtension(_)
            | StmtKind::CreateRole(_)
            | StmtKind::Set(_)
            | StmtKind::SecurityLabel
            | StmtKind::CreateObject(_)
            | StmtKind::Drop(_)
            | StmtKind::Invalid
    )
}

/// Where values are meant as they are: the bounds of partitions, and the ids of new rows.
fn exempt_spans(kind: &StmtKind, exempt: &mut Vec<Span>) {
    match kind {
        StmtKind::CreateTable(create) => {
            if let Some(PartitionBound::Values(span)) = &create.bound {
                exempt.push(*span);
            }
        }
        // A row's own id, given to it here, is the same in every database.
        StmtKind::Insert(insert) => own_ids(insert, exempt),
        StmtKind::AlterTable(alter) => {
            for action in &alter.actions {
                if let TableActionKind::AttachPartition { bound: Some(PartitionBound::Values(span)), .. } = &action.kind
                {
                    exempt.push(*span);
                }
            }
        }
        _ => {}
    }
}

/// The values of the column `id`.
fn own_ids(insert: &Insert, spans: &mut Vec<Span>) {
    let Some(at) = insert.columns.iter().position(|column| column.value == "id") else { return };
    let InsertSource::Query(query) = &insert.source else { return };
    match &query.body {
        QueryBody::Values(rows) => spans.extend(rows.iter().filter_map(|row| row.get(at)).map(|value| value.span)),
        QueryBody::Select(select) => spans.extend(select.targets.get(at).map(|target| target.expr.span)),
        QueryBody::Set { .. } => {}
    }
}

/// Whether it is compared as a pattern.
fn is_pattern(constant: &Constant<'_>) -> bool {
    let before = constant.before;
    before.ends_with('~')
        || before == "*"
        || ["like", "ilike", "to", "similar"].iter().any(|word| before.eq_ignore_ascii_case(word))
        || constant.inner.starts_with('^')
        || constant.inner.contains(['\\', '%', '<'])
}

/// Whether it stands in what people read: messages and comments.
fn is_message(statement: &str) -> bool {
    ["raise", "comment"].iter().any(|word| statement.eq_ignore_ascii_case(word))
}

/// What a constant is, if it belongs to one environment.
fn hard(text: &str) -> Option<Hard> {
    let text = text.trim();
    if text.len() < 7 {
        return None;
    }
    if is_uuid(text) {
        return Some(Hard::Uuid);
    }
    if is_date(text) {
        return Some(Hard::Date);
    }
    if is_address(text) {
        return Some(Hard::Address);
    }
    if let Some(host) = host_of_url(text) {
        return (!is_example(host)).then_some(Hard::Url);
    }
    (is_mail(text)).then_some(Hard::Mail)
}

fn is_uuid(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_shape = bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    // Nil, max, and those made of one digit with a counter are made up to be the same everywhere.
    let first = bytes.first().copied().unwrap_or_default();
    let same = bytes.iter().filter(|byte| **byte == first || **byte == b'0' || **byte == b'-').count();
    is_shape && same < 32 && !text.starts_with("6ba7b81")
}

fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |from: usize, to: usize| bytes.get(from..to).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    let is_shape = digits(0, 4) && bytes[4] == b'-' && digits(5, 7) && bytes.get(7) == Some(&b'-') && digits(8, 10);
    let ends = bytes.get(10).is_none_or(|byte| matches!(byte, b' ' | b'T' | b't'));
    // The ends of time, as programs have them.
    let year: u32 = text.get(..4).and_then(|year| year.parse().ok()).unwrap_or_default();
    let is_limit = year <= 1970 || year >= 2099 || text.starts_with("2000-01-01") || text.starts_with("2038-01-19");
    is_shape && ends && !is_limit
}

fn is_address(text: &str) -> bool {
    let bare = text.split('/').next().unwrap_or(text);
    let parts: Vec<u16> = bare.split('.').map(|part| part.parse().unwrap_or(u16::MAX)).collect();
    let [first, _, _, last] = parts.as_slice() else { return false };
    let is_any = *first == 0 || *first == 127 || *first >= 224 || (*last == 0 && bare.len() == text.len());
    parts.iter().all(|part| *part < 256) && !is_any
}

fn host_of_url(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once("://")?;
    let is_scheme =
        ["http", "https", "ws", "wss", "ftp", "amqp", "redis"].iter().any(|it| scheme.eq_ignore_ascii_case(it));
    let host = rest.split(['/', ':', '?', '#', '\'']).next().unwrap_or_default();
    (is_scheme && !host.is_empty()).then_some(host)
}

/// Hosts that stand for any, and those that name things rather than places.
fn is_example(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let is_local =
        !host.contains('.') || host.starts_with("127.") || host == "0.0.0.0" || host.starts_with("host.docker");
    is_local
        || ["example.com", "example.org", "example.net", ".example", ".test", ".invalid", ".localhost", ".local"]
            .iter()
            .any(|end| host.ends_with(end))
        || ["www.w3.org", "json-schema.org", "schema.org", "schemas.xmlsoap.org"].contains(&host.as_str())
}

fn is_mail(text: &str) -> bool {
    let Some((person, host)) = text.rsplit_once('@') else { return false };
    let is_part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+'))
    };
    let ends = host
        .rsplit_once('.')
        .is_some_and(|(_, top)| top.len() >= 2 && top.bytes().all(|byte| byte.is_ascii_alphabetic()));
    is_part(person) && is_part(host) && ends && !is_example(host)
}

#[cfg(test)]
mod tests {
    use super::{Hard, hard};

    #[test]
    fn values_are_told_from_what_looks_like_them() {
        for (text, kind) in [
            ("5f0c954e-9d4b-4b12-b3a1-7c2b1f0e8d11", Some(Hard::Uuid)),
            ("11111111-1111-1111-1111-111111111111", None),
            ("00000000-0000-0000-0000-000000000042", None),
            ("jane@acme.io", Some(Hard::Mail)),
            ("jane@example.com", None),
            ("@acme.io", None),
            ("https://api.acme.io/v1", Some(Hard::Url)),
            ("http://localhost:3000", None),
            ("http://kong:8000/x", None),
            ("https://", None),
            ("10.0.0.12", Some(Hard::Address)),
            ("127.0.0.1", None),
            ("2024-06-30", Some(Hard::Date)),
            ("2024-06-30T12:00:00Z", Some(Hard::Date)),
            ("9999-12-31", None),
            ("2024-06", None),
        ] {
            assert_eq!(hard(text), kind, "{text}");
        }
    }
}
