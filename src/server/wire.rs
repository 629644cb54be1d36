//! The one statement that a start has to send, over the socket, before any client knows the server.
//!
//! Just enough of the protocol for a trusted connection and a simple query:
//! <https://www.postgresql.org/docs/current/protocol-message-formats.html>.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use camino::Utf8Path;

use super::Error;
use crate::text::quote_literal;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A longer answer than this is not one to this question.
const LONGEST: usize = 1 << 20;

/// Session settings that keep the statement, and with it the password, out of the server's log.
const UNLOGGED: &str = "-c log_statement=none -c log_min_duration_statement=-1 -c log_min_error_statement=panic";

/// Sets the superuser's password.
pub(super) fn set_password(socket: &Utf8Path, user: &str, password: &str) -> Result<(), Error> {
    let statement = format!("alter role current_user password {}", quote_literal(password));
    run(socket, user, &statement).map_err(|error| Error::Answer { reason: error.to_string() })
}

pub(super) fn run(socket: &Utf8Path, user: &str, statement: &str) -> io::Result<()> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut startup = 196_608_u32.to_be_bytes().to_vec();
    for word in ["user", user, "database", "template1", "options", UNLOGGED, ""] {
        startup.extend(word.as_bytes());
        startup.push(0);
    }
    send(&mut stream, None, &startup)?;
    wait_until_idle(&mut stream)?;
    send(&mut stream, Some(b'Q'), &[statement.as_bytes(), &[0]].concat())?;
    wait_until_idle(&mut stream)?;
    send(&mut stream, Some(b'X'), &[])
}

fn send(stream: &mut UnixStream, kind: Option<u8>, body: &[u8]) -> io::Result<()> {
    let length = u32::try_from(body.len() + 4).map_err(io::Error::other)?;
    let mut message: Vec<u8> = kind.into_iter().collect();
    message.extend(length.to_be_bytes());
    message.extend(body);
    stream.write_all(&message)
}

/// Reads up to the server's `ReadyForQuery`; an `ErrorResponse` on the way is the error.
fn wait_until_idle(stream: &mut UnixStream) -> io::Result<()> {
    loop {
        let mut head = [0; 5];
        stream.read_exact(&mut head)?;
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
        let length = length.checked_sub(4).filter(|&length| length <= LONGEST);
        let mut body = vec![0; length.ok_or_else(|| io::Error::other("the answer is not PostgreSQL's"))?];
        stream.read_exact(&mut body)?;
        match head[0] {
            b'Z' => return Ok(()),
            b'E' => return Err(io::Error::other(message_of(&body))),
            b'R' if body != [0; 4] => return Err(io::Error::other("the socket asks for a password")),
            _ => {}
        }
    }
}

/// The message field of an `ErrorResponse`.
fn message_of(body: &[u8]) -> String {
    let field = body.split(|&byte| byte == 0).find_map(|field| field.strip_prefix(b"M"));
    String::from_utf8_lossy(field.unwrap_or(b"an error without a message")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_message_of_an_error() {
        assert_eq!(message_of(b"SFATAL\0C28000\0Mrole \"x\" does not exist\0\0"), "role \"x\" does not exist");
    }
}
