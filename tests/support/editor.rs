//! An editor that talks to `dbctl lsp`: what it sends, what it is told, and the edits that it applies.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

use super::Project;

/// The editor; the server goes with the value.
pub(crate) struct Editor<'a> {
    project: &'a Project,
    server: Child,
    stdin: Option<ChildStdin>,
    incoming: Receiver<Value>,
    /// Open documents by path: version and text.
    open: BTreeMap<String, (i64, String)>,
    /// The diagnostics last told of each document.
    told: BTreeMap<String, Value>,
    next: i64,
}

impl<'a> Editor<'a> {
    /// Starts the server and says nothing yet.
    pub(crate) fn start(project: &'a Project) -> Self {
        let mut server = project.command("lsp --stdio --format json").stdin(Stdio::piped()).spawn().unwrap();
        let stdout = server.stdout.take().unwrap();
        let (sender, incoming) = channel();
        std::thread::spawn(move || {
            let mut stdout = BufReader::new(stdout);
            while let Some(message) = read(&mut stdout) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let stdin = server.stdin.take();
        Self { project, server, stdin, incoming, open: BTreeMap::new(), told: BTreeMap::new(), next: 0 }
    }

    /// Starts the server and says hello, as an editor that can do everything.
    pub(crate) fn new(project: &'a Project, encodings: &[&str]) -> Self {
        let mut editor = Self::start(project);
        let hello = editor.ask(
            "initialize",
            &json!({
                "processId": null,
                "rootUri": uri(project, ""),
                "capabilities": {
                    "general": { "positionEncodings": encodings },
                    "workspace": {
                        "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create"] },
                        "didChangeWatchedFiles": { "dynamicRegistration": true },
                    },
                    "textDocument": { "publishDiagnostics": { "relatedInformation": true, "versionSupport": true } },
                },
            }),
        );
        assert_eq!(hello["result"]["capabilities"]["positionEncoding"], encodings.first().copied().unwrap_or("utf-16"));
        editor.tell("initialized", &json!({}));
        assert_eq!(editor.wait()["method"], "client/registerCapability");
        editor
    }

    /// Sends bytes as they are.
    pub(crate) fn raw(&mut self, bytes: &str) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(bytes.as_bytes()).unwrap();
        stdin.flush().unwrap();
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.raw(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    }

    /// Sends a notification.
    pub(crate) fn tell(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request and waits for its answer.
    #[track_caller]
    pub(crate) fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.wait();
            if message["id"] == id {
                return message;
            }
        }
    }

    /// The next message.
    #[track_caller]
    pub(crate) fn wait(&mut self) -> Value {
        let message = self.incoming.recv_timeout(Duration::from_secs(30)).expect("the server says nothing");
        if message["method"] == "textDocument/publishDiagnostics" {
            let uri = message["params"]["uri"].as_str().unwrap().to_owned();
            self.told.insert(uri, message["params"].clone());
        }
        message
    }

    /// Opens a file with the text that it has on disk, and waits for its diagnostics.
    #[track_caller]
    pub(crate) fn open(&mut self, path: &str) -> Vec<Value> {
        let text = self.project.read(path);
        self.open_as(path, &text)
    }

    /// Opens a file with another text than it has on disk.
    #[track_caller]
    pub(crate) fn open_as(&mut self, path: &str, text: &str) -> Vec<Value> {
        self.open.insert(path.to_owned(), (1, text.to_owned()));
        let item = json!({ "uri": uri(self.project, path), "languageId": "sql", "version": 1, "text": text });
        self.tell("textDocument/didOpen", &json!({ "textDocument": item }));
        self.diagnostics(path, Some(1))
    }

    /// Changes the whole text, and waits for the diagnostics of it.
    #[track_caller]
    pub(crate) fn change(&mut self, path: &str, text: &str) -> Vec<Value> {
        let (version, known) = self.open.get_mut(path).unwrap();
        *version += 1;
        text.clone_into(known);
        let version = *version;
        let document = json!({ "uri": uri(self.project, path), "version": version });
        let params = json!({ "textDocument": document, "contentChanges": [{ "text": text }] });
        self.tell("textDocument/didChange", &params);
        self.diagnostics(path, Some(version))
    }

    /// Closes a file; what it had is cleared.
    #[track_caller]
    pub(crate) fn close(&mut self, path: &str) {
        self.open.remove(path);
        self.tell("textDocument/didClose", &json!({ "textDocument": { "uri": uri(self.project, path) } }));
        assert_eq!(self.diagnostics(path, None), Vec::<Value>::new());
    }

    /// The next diagnostics of a file, of a version.
    #[track_caller]
    pub(crate) fn diagnostics(&mut self, path: &str, version: Option<i64>) -> Vec<Value> {
        let uri = uri(self.project, path);
        loop {
            let message = self.wait();
            let params = &message["params"];
            if message["method"] == "textDocument/publishDiagnostics"
                && params["uri"] == *uri
                && params["version"].as_i64() == version
            {
                return params["diagnostics"].as_array().unwrap().clone();
            }
        }
    }

    /// The text of an open document.
    pub(crate) fn text(&self, path: &str) -> &str {
        &self.open[path].1
    }

    /// The actions at a range, of a kind or of all.
    #[track_caller]
    pub(crate) fn actions(&mut self, path: &str, range: &Value, only: Option<&str>) -> Vec<Value> {
        let mut context = json!({ "diagnostics": [] });
        if let Some(kind) = only {
            context["only"] = json!([kind]);
        }
        let document = json!({ "uri": uri(self.project, path) });
        let params = json!({ "textDocument": document, "range": range, "context": context });
        let answer = self.ask("textDocument/codeAction", &params);
        answer["result"].as_array().unwrap_or_else(|| panic!("{answer}")).clone()
    }

    /// Applies an action: the document changes, files are made. Waits for the diagnostics where the document has changed.
    #[track_caller]
    pub(crate) fn apply(&mut self, path: &str, action: &Value) -> Option<Vec<Value>> {
        let mut changed = None;
        for change in action["edit"]["documentChanges"].as_array().unwrap() {
            let made = change["uri"].as_str().unwrap_or_default();
            if change["kind"] == "create" {
                assert_eq!(change["options"]["overwrite"], false);
                self.project.write(&self.path_of(made), "");
                continue;
            }
            let document = &change["textDocument"];
            let edits = change["edits"].as_array().unwrap();
            if document["uri"] == *uri(self.project, path) {
                assert_eq!(document["version"], self.open[path].0);
                changed = Some(applied(self.text(path), edits));
            } else {
                let other = self.path_of(document["uri"].as_str().unwrap());
                let text = applied(&self.project.read(&other), edits);
                self.project.write(&other, &text);
            }
        }
        self.tell("workspace/didChangeWatchedFiles", &json!({ "changes": [] }));
        changed.map(|text| self.change(path, &text))
    }

    fn path_of(&self, uri_of_file: &str) -> String {
        uri_of_file.strip_prefix(&uri(self.project, "")).unwrap().to_owned()
    }

    /// Where the cursor hovers, what is shown.
    #[track_caller]
    pub(crate) fn hover(&mut self, path: &str, position: &Value) -> Value {
        let document = json!({ "uri": uri(self.project, path) });
        self.ask("textDocument/hover", &json!({ "textDocument": document, "position": position }))["result"].clone()
    }

    /// Says good-bye as the protocol wants it, and gives the exit code.
    pub(crate) fn leave(mut self) -> Option<i32> {
        assert_eq!(self.ask("shutdown", &Value::Null)["result"], Value::Null);
        self.tell("exit", &Value::Null);
        self.server.wait().unwrap().code()
    }

    /// Goes away without a word, and gives the exit code.
    pub(crate) fn vanish(mut self) -> Option<i32> {
        self.stdin.take();
        self.server.wait().unwrap().code()
    }
}

impl Drop for Editor<'_> {
    fn drop(&mut self) {
        // It has ended already unless a test has failed.
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

/// The name of a project's file in the protocol.
fn uri(project: &Project, path: &str) -> String {
    format!("file://{}", project.path(path).display())
}

fn read(stream: &mut BufReader<ChildStdout>) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().strip_prefix("Content-Length: ") {
            Some(value) => length = value.parse().unwrap(),
            None if line == "\r\n" => break,
            None => panic!("this is no message: {line}"),
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).unwrap())
}

/// A text with edits applied, which count in UTF-16 and do not overlap.
fn applied(text: &str, edits: &[Value]) -> String {
    let byte = |position: &Value| {
        let line = usize::try_from(position["line"].as_u64().unwrap()).unwrap();
        let begin: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let mut units = position["character"].as_u64().unwrap();
        let mut at = begin;
        for c in text[begin..].chars().take_while(|c| *c != '\n') {
            if units == 0 {
                break;
            }
            units -= c.len_utf16() as u64;
            at += c.len_utf8();
        }
        at
    };
    let mut parts: Vec<(usize, usize, &str)> = edits
        .iter()
        .map(|edit| {
            let range = &edit["range"];
            (byte(&range["start"]), byte(&range["end"]), edit["newText"].as_str().unwrap())
        })
        .collect();
    parts.sort_unstable();
    let mut text = text.to_owned();
    for (start, end, new) in parts.into_iter().rev() {
        text.replace_range(start..end, new);
    }
    text
}
