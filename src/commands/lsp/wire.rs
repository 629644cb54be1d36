//! Messages on a stream: a header, an empty line, JSON. What cannot be read is told and does not end the stream.

use std::io::{self, BufRead, Read, Write};

use lsp_server::{ErrorCode, Message};
use serde_json::{Value, json};

/// No header is as long; what is longer is none.
const LONGEST_HEADER: u64 = 4096;

/// No message is as long: all migrations of a project together are shorter.
const LONGEST_BODY: u64 = 256 * 1024 * 1024;

/// What came in.
#[derive(Debug)]
pub enum Incoming {
    /// A message.
    Message(Message),
    /// Something else: the error that answers it, and why.
    Unreadable(ErrorCode, String),
}

/// Reads the next message; `None` at the end of the stream.
pub fn read(input: &mut impl BufRead) -> io::Result<Option<Incoming>> {
    let unreadable = |code, why: String| Ok(Some(Incoming::Unreadable(code, why)));
    let mut length: Option<u64> = None;
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.by_ref().take(LONGEST_HEADER).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let header = String::from_utf8_lossy(&line);
        let header = header.trim();
        match (header.split_once(':'), length) {
            (Some((name, value)), _) if name.eq_ignore_ascii_case("content-length") => {
                let Ok(value) = value.trim().parse() else {
                    return unreadable(ErrorCode::ParseError, format!("`{header}` is no length"));
                };
                length = Some(value);
            }
            (Some(_), _) => {}
            (None, Some(_)) if header.is_empty() => break,
            (None, _) if header.is_empty() => {}
            (None, _) => return unreadable(ErrorCode::ParseError, format!("`{header}` is no header")),
        }
    }
    let length = length.unwrap_or_default();
    if length > LONGEST_BODY {
        io::copy(&mut input.by_ref().take(length), &mut io::sink())?;
        return unreadable(ErrorCode::InvalidRequest, format!("a message of {length} bytes is too long"));
    }
    let mut body = Vec::new();
    if (input.by_ref().take(length).read_to_end(&mut body)? as u64) < length {
        return Ok(None);
    }
    let value: Value = match serde_json::from_slice(&body) {
        Ok(value) => value,
        Err(error) => return unreadable(ErrorCode::ParseError, format!("the message is no JSON: {error}")),
    };
    match serde_json::from_value(value) {
        Ok(message) => Ok(Some(Incoming::Message(message))),
        Err(_) => unreadable(ErrorCode::InvalidRequest, "the message is no request, response or notification".into()),
    }
}

/// Where messages go.
#[derive(Debug)]
pub struct Outgoing<W> {
    stream: W,
    closed: bool,
}

impl<W: Write> Outgoing<W> {
    /// Writes to a stream.
    pub fn new(stream: W) -> Self {
        Self { stream, closed: false }
    }

    /// Sends a message.
    pub fn send(&mut self, message: impl Into<Message>) {
        self.closed |= message.into().write(&mut self.stream).is_err();
    }

    /// Answers what could not be read; nobody knows to what request.
    pub fn refuse(&mut self, code: ErrorCode, why: &str) {
        let error =
            json!({ "jsonrpc": "2.0", "id": null, "error": { "code": code as i32, "message": why } }).to_string();
        let sent = write!(self.stream, "Content-Length: {}\r\n\r\n{error}", error.len());
        self.closed |= sent.and_then(|()| self.stream.flush()).is_err();
    }

    /// Whether nobody reads any more.
    pub fn is_closed(&self) -> bool {
        self.closed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_on_behind_what_is_no_message() {
        let good = "{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}";
        let frame = |body: &str| format!("Content-Length: {}\r\nContent-Type: x\r\n\r\n{body}", body.len());
        let stream = [
            frame("{nothing"),
            frame("[1]"),
            "nonsense\r\n".to_owned(),
            "Content-Length: -1\r\n\r\n".to_owned(),
            frame(good),
        ]
        .concat();
        let mut input = stream.as_bytes();
        let mut seen = Vec::new();
        while let Some(incoming) = read(&mut input).unwrap() {
            seen.push(match incoming {
                Incoming::Message(Message::Notification(notification)) => notification.method,
                Incoming::Message(other) => format!("{other:?}"),
                Incoming::Unreadable(code, _) => format!("{}", code as i32),
            });
        }
        assert_eq!(seen, ["-32700", "-32600", "-32700", "-32700", "exit"]);
        assert!(read(&mut &b"Content-Length: 99999999999999999\r\n\r\n{"[..]).unwrap().is_some());
        assert!(read(&mut &b"Content-Length: 5\r\n\r\n{"[..]).unwrap().is_none());
    }
}
