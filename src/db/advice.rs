//! What an error of the database means and what mends it, for every variant.

use super::conninfo::foreign_reader;
use super::endpoint::{Host, Place};
use super::error::{Error, TlsProblem};
use super::tls::SslMode;
use crate::sqlstate::{ServerError, remedy};
use crate::text::{quote_ident, quote_literal};

impl Error {
    /// The stable code that names the error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "connect/malformed-url",
            Self::PlaceholderPassword => "connect/placeholder-password",
            Self::UnknownParameter { .. } => "connect/unknown-parameter",
            Self::InvalidParameter { .. } => "connect/invalid-parameter",
            Self::NoUser => "connect/no-user",
            Self::RootCert { .. } => "connect/unreadable-certificates",
            Self::NoSystemCertificates => "connect/no-system-certificates",
            Self::TlsSetup { .. } | Self::Tls { .. } => "connect/tls",
            Self::UnknownHost { .. } => "connect/unknown-host",
            Self::Refused { .. } => "connect/refused",
            Self::Unreachable { .. } => "connect/unreachable",
            Self::Timeout { .. } => "connect/timeout",
            Self::PasswordMissing { .. } => "connect/password-missing",
            Self::Rejected { server, .. } => match server.sqlstate.as_str() {
                "28P01" => "connect/wrong-password",
                "3D000" => "connect/unknown-database",
                "53300" => "connect/too-many-connections",
                _ => "connect/rejected",
            },
            Self::TransactionPooler { .. } => "connect/transaction-pooler",
            Self::Unsupported { .. } => "connect/unsupported-version",
            Self::Server(_) => "sql/failed",
            Self::DamagedHistory { .. } => "history/damaged",
            Self::ConnectionLost { .. } => "connect/lost",
            Self::Protocol(_) => "connect/protocol",
            Self::Catalog { .. } | Self::Template { .. } => "catalog/unknown",
        }
    }

    /// What is true now, beyond the message.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        match self {
            Self::Server(server) | Self::Rejected { server, .. } => said_by(server),
            Self::Refused { place: Place { host: Host::Unix { directory, port }, .. }, .. } => {
                vec![format!("there is no live socket `{}`", directory.join(format!(".s.PGSQL.{port}")).display())]
            }
            Self::Tls { mode: SslMode::VerifyFull, .. } => {
                vec!["`sslmode=verify-full` is the default for a server that is not on this machine".to_owned()]
            }
            Self::DamagedHistory { .. } => {
                vec!["what is applied cannot be told without it; nothing was changed".to_owned()]
            }
            Self::ConnectionLost { .. } => {
                vec![
                    "whether the statement under way took effect is not known; an open transaction is rolled back"
                        .to_owned(),
                ]
            }
            _ => Vec::new(),
        }
    }

    /// What mends it: imperative sentences.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Malformed(_) => {
                vec!["write it as `postgresql://USER:PASSWORD@HOST:5432/DATABASE`, special characters percent-encoded".to_owned()]
            }
            Self::PlaceholderPassword => {
                vec!["put the database's password, percent-encoded, where the brackets are, brackets included".to_owned()]
            }
            Self::UnknownParameter { name } => unknown_parameter(name),
            Self::InvalidParameter { .. }
            | Self::Protocol(_)
            | Self::TlsSetup { .. }
            | Self::Catalog { .. }
            | Self::Template { .. } => Vec::new(),
            Self::NoUser => vec!["name one in the URL, `postgresql://USER@HOST/DATABASE`, or set `PGUSER`".to_owned()],
            Self::RootCert { .. } => {
                vec!["point `sslrootcert` to a readable PEM file with the authority's certificate".to_owned()]
            }
            Self::NoSystemCertificates => vec![
                "install the system's authorities (the package `ca-certificates`), or name a file with `sslrootcert=PATH`"
                    .to_owned(),
            ],
            Self::Tls { place, mode, problem } => tls(place, *mode, problem),
            Self::UnknownHost { place, .. } => unknown_host(place),
            Self::Refused { place, .. } => refused(place),
            Self::Unreachable { place, .. } | Self::Timeout { place, .. } => unreachable(place),
            Self::PasswordMissing { .. } => {
                vec!["set `PGPASSWORD`, or add a line `HOST:PORT:DATABASE:USER:PASSWORD` to `~/.pgpass` (mode 0600)".to_owned()]
            }
            Self::Rejected { place, server } => rejected(place, server),
            Self::TransactionPooler { .. } => {
                vec!["use the session pooler: the same URL with port 5432 in place of 6543".to_owned()]
            }
            Self::Unsupported { .. } => vec!["upgrade the server to PostgreSQL 14 or newer".to_owned()],
            Self::Server(server) => remedy(server, ""),
            Self::DamagedHistory { missing } => vec![
                format!("restore `{missing}` from a backup: `pg_restore --table` or the dump's own statements"),
                "or, on a database that may lose it, drop the schema `dbctl` and all that its migrations made".to_owned(),
            ],
            Self::ConnectionLost { .. } => {
                vec!["run `dbctl status` to see what was recorded, then run the command again".to_owned()]
            }
        }
    }
}

/// The server's own words beyond the message.
fn said_by(server: &ServerError) -> Vec<String> {
    let detail = server.detail.iter().map(|detail| format!("detail: {detail}"));
    let hint = server.hint.iter().map(|hint| format!("hint: {hint}"));
    let context = server.where_.iter().map(|context| format!("where: {context}"));
    detail.chain(hint).chain(context).collect()
}

fn unknown_parameter(name: &str) -> Vec<String> {
    vec![match (name, foreign_reader(name)) {
        ("service" | "PGSERVICE", _) => {
            "dbctl does not read `pg_service.conf`; give host, port, user and database themselves".to_owned()
        }
        ("sslcert" | "sslkey" | "sslcrl" | "sslpassword" | "sslcrldir", _) => {
            "dbctl does not send client certificates; let the user log in with a password".to_owned()
        }
        (_, Some(reader)) => format!("`{name}` is meant for {reader}; leave it out of the URL that dbctl gets"),
        _ => format!("leave `{name}` out; a part of a password has to be percent-encoded"),
    }]
}

fn unknown_host(place: &Place) -> Vec<String> {
    let mut hints = vec!["check the host's name and this machine's network".to_owned()];
    hints.extend(supabase_direct(place));
    hints
}

fn refused(place: &Place) -> Vec<String> {
    match &place.host {
        Host::Unix { .. } => vec!["start the server, or name another with `host`".to_owned()],
        host @ Host::Tcp { .. } if host.is_local() => {
            vec![format!("start a server on port {}, or check the port", host.port())]
        }
        host @ Host::Tcp { .. } => {
            vec![format!("check that a PostgreSQL server listens on port {} and a firewall lets you in", host.port())]
        }
    }
}

fn unreachable(place: &Place) -> Vec<String> {
    let mut hints = vec!["check the network, a VPN or a firewall on the way, and the host and port".to_owned()];
    hints.extend(supabase_direct(place));
    hints
}

/// Direct hosts of Supabase have an IPv6 address only.
/// <https://supabase.com/docs/guides/troubleshooting/supabase--your-network-ipv4-and-ipv6-compatibility-cHe3BP>
fn supabase_direct(place: &Place) -> Option<String> {
    let name = place.host.name()?;
    (name.starts_with("db.") && name.ends_with(".supabase.co")).then(|| {
        "Supabase's direct hosts have IPv6 only; from an IPv4 network use the session pooler's URL from the \
         dashboard (`…pooler.supabase.com:5432`, user `postgres.PROJECT`)"
            .to_owned()
    })
}

fn tls(place: &Place, mode: SslMode, problem: &TlsProblem) -> Vec<String> {
    let authority = if place.is_supabase() {
        "download the certificate from the Supabase dashboard (Database, Settings, SSL configuration) and set \
         `sslrootcert=PATH` in the URL or `PGSSLROOTCERT=PATH`"
    } else {
        "get the certificate of the authority that signed the server's, or a self-signed one itself, and set \
         `sslrootcert=PATH` in the URL or `PGSSLROOTCERT=PATH`"
    };
    let unchecked = "to encrypt without checking to whom, which stops no one in the middle, set `sslmode=require`";
    match problem {
        TlsProblem::NotOffered if place.host.is_local() => {
            vec![format!(
                "set `sslmode=disable`: the server is on this machine and has TLS off (`sslmode={}`)",
                mode.as_str()
            )]
        }
        TlsProblem::NotOffered => vec![
            "turn TLS on at the server (`ssl = on`)".to_owned(),
            "on a network that you trust, such as a container's, set `sslmode=disable`; all is then readable there"
                .to_owned(),
        ],
        TlsProblem::UnknownIssuer if mode == SslMode::Require => vec![authority.to_owned()],
        TlsProblem::UnknownIssuer => vec![authority.to_owned(), unchecked.to_owned()],
        TlsProblem::WrongName { presented, .. } => {
            let known = presented.iter().find_map(|name| name.split('"').nth(1).filter(|name| !name.contains('*')));
            let name = known.map_or_else(
                || "connect by a name that the certificate bears".to_owned(),
                |name| format!("connect to `{name}`, which the certificate bears"),
            );
            vec![name, "where only the authority matters and not the name, set `sslmode=verify-ca`".to_owned()]
        }
        TlsProblem::NotNow(_) => {
            vec!["renew the server's certificate, and check the clocks of both machines".to_owned()]
        }
        TlsProblem::Handshake(_) => {
            vec!["check that the port is PostgreSQL's and that the server speaks TLS 1.2 or 1.3".to_owned()]
        }
    }
}

fn rejected(place: &Place, server: &ServerError) -> Vec<String> {
    let pooler = place.host.name().is_some_and(|name| name.ends_with(".pooler.supabase.com"));
    match server.sqlstate.as_str() {
        "28P01" => {
            let mut hints = vec![format!(
                "check the password of `{}`; in a URL its special characters have to be percent-encoded",
                place.user
            )];
            hints.extend(supabase_login(place));
            hints
        }
        "3D000" => vec![
            format!("check the name, or create it: `create database {}`", quote_ident(&place.database)),
            format!(
                "list what there is: `psql -h {} -p {} -U {} -l`",
                place.host.name().unwrap_or("SOCKET_FOLDER"),
                place.host.port(),
                place.user
            ),
        ],
        "53300" => vec![
            "close idle clients or wait; `select pid, usename, application_name, state from pg_stat_activity` shows them"
                .to_owned(),
        ],
        "57P03" => vec!["wait until the server is up, and run the command again".to_owned()],
        "28000" if server.message.contains("pg_hba.conf") => {
            vec!["let an administrator add a line for this host, user and database to `pg_hba.conf`".to_owned()]
        }
        "28000" => vec![format!(
            "check the user's name; an administrator finds it with `select rolname, rolcanlogin from pg_roles where \
             rolname = {}`",
            quote_literal(&place.user)
        )],
        _ if pooler => supabase_login(place).into_iter().collect(),
        _ => remedy(server, ""),
    }
}

/// The pooler finds the project by the user's name.
fn supabase_login(place: &Place) -> Option<String> {
    let pooler = place.host.name()?.ends_with(".pooler.supabase.com");
    (pooler && !place.user.contains('.'))
        .then(|| format!("over Supabase's pooler the user is `{}.PROJECT`, as the dashboard's URL has it", place.user))
}
