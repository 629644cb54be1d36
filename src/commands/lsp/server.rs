//! The conversation with the editor: what comes in, what is answered, and when diagnostics go out.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::mpsc::Receiver;

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::notification::{self as notes, Notification as _};
use lsp_types::request::{self as asks, Request as _};
use lsp_types::{
    CodeActionParams, Diagnostic, DidChangeTextDocumentParams, DidChangeWatchedFilesRegistrationOptions,
    DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams,
    FileSystemWatcher, GlobPattern, HoverParams, InitializeParams, InitializeResult, PublishDiagnosticsParams,
    Registration, RegistrationParams, ServerInfo, ShowMessageParams, Uri,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::client::{Client, capabilities};
use super::document::Documents;
use super::uri::path_of;
use super::wire::{Incoming, Outgoing};
use super::workspace::{Notice, Workspace};
use super::{actions, diagnostics, hover};
use crate::exit::Exit;
use crate::lint::baseline;

/// How far the conversation has come.
enum Phase {
    /// Nobody has said hello.
    Fresh,
    /// In the middle.
    Open(Client),
    /// It was asked to end.
    Ending,
}

/// The server.
pub struct Server<W> {
    out: Outgoing<W>,
    phase: Phase,
    workspace: Workspace,
    documents: Documents,
    /// Whether something may have changed since the last check.
    is_stale: bool,
    /// What the editor shows, by document.
    shown: BTreeMap<String, Vec<Diagnostic>>,
    /// What stood at the last check and was said.
    said: BTreeSet<String>,
}

/// What a request is answered with.
type Answer = Result<Value, (ErrorCode, String)>;

impl<W: Write> Server<W> {
    /// A server that writes to a stream.
    pub fn new(stream: W, workspace: Workspace) -> Self {
        Self {
            out: Outgoing::new(stream),
            phase: Phase::Fresh,
            workspace,
            documents: Documents::default(),
            is_stale: false,
            shown: BTreeMap::new(),
            said: BTreeSet::new(),
        }
    }

    /// Works until the editor ends it or goes away.
    pub fn serve(mut self, incoming: &Receiver<Incoming>) -> Exit {
        while let Ok(first) = incoming.recv() {
            let mut next = Some(first);
            // All that has come is taken in before anything is linted: who types fast is not answered letter by letter.
            while let Some(message) = next {
                match message {
                    Incoming::Message(Message::Request(request)) => self.answer(request),
                    Incoming::Message(Message::Notification(note)) if note.method == notes::Exit::METHOD => {
                        return self.end();
                    }
                    Incoming::Message(Message::Notification(note)) => self.hear(note),
                    Incoming::Message(Message::Response(_)) => {}
                    Incoming::Unreadable(code, why) => self.out.refuse(code, &why),
                }
                next = incoming.try_recv().ok();
            }
            self.check();
            if self.out.is_closed() {
                break;
            }
        }
        self.end()
    }

    /// Who ends without having said so is in trouble.
    fn end(&self) -> Exit {
        if matches!(self.phase, Phase::Ending) { Exit::Ok } else { Exit::No }
    }

    fn answer(&mut self, request: Request) {
        let Request { id, method, params } = request;
        let answer = match self.phase {
            Phase::Fresh if method == asks::Initialize::METHOD => parsed(params).and_then(|it| self.initialize(it)),
            Phase::Fresh => Err((ErrorCode::ServerNotInitialized, "`initialize` comes first".to_owned())),
            Phase::Ending => Err((ErrorCode::InvalidRequest, "nothing follows `shutdown` but `exit`".to_owned())),
            Phase::Open(client) => self.open_answer(&method, params, client),
        };
        self.out.send(match answer {
            Ok(result) => Response::new_ok(id, result),
            Err((code, message)) => Response::new_err(id, code as i32, message),
        });
    }

    fn open_answer(&mut self, method: &str, params: Value, client: Client) -> Answer {
        match method {
            asks::Shutdown::METHOD => {
                self.phase = Phase::Ending;
                Ok(Value::Null)
            }
            asks::CodeActionRequest::METHOD => {
                let params: CodeActionParams = parsed(params)?;
                self.check();
                let uri = &params.text_document.uri;
                let found = self.workspace.seen(uri).zip(self.documents.get(uri));
                json(&found.map(|(seen, document)| actions::actions(&seen, document, &params, client)))
            }
            asks::HoverRequest::METHOD => {
                let params: HoverParams = parsed(params)?;
                self.check();
                let at = params.text_document_position_params;
                let seen = self.workspace.seen(&at.text_document.uri);
                json(&seen.and_then(|seen| hover::hover(&seen, at.position, client)))
            }
            asks::Initialize::METHOD => Err((ErrorCode::InvalidRequest, "`initialize` comes once".to_owned())),
            _ => Err((ErrorCode::MethodNotFound, format!("`{method}` is not known"))),
        }
    }

    fn initialize(&mut self, params: InitializeParams) -> Answer {
        let client = Client::new(&params.capabilities);
        #[expect(deprecated, reason = "editors that know no workspace folders name one root")]
        let root = params.root_uri;
        let folders: Vec<Uri> = match params.workspace_folders {
            Some(folders) if !folders.is_empty() => folders.into_iter().map(|folder| folder.uri).collect(),
            _ => root.into_iter().collect(),
        };
        self.workspace.add_folders(folders.iter().filter_map(path_of));
        self.phase = Phase::Open(client);
        let version = Some(env!("CARGO_PKG_VERSION").to_owned());
        json(&InitializeResult {
            capabilities: capabilities(client),
            server_info: Some(ServerInfo { name: "dbctl".to_owned(), version }),
        })
    }

    /// What the editor tells without a question. What cannot be understood is passed over: there is nobody to answer.
    fn hear(&mut self, note: Notification) {
        let Phase::Open(client) = self.phase else { return };
        // A log for `-vv`; the editor's user sees nothing of it.
        if self.take_in(note, client).is_none() {
            tracing::debug!("a notification could not be understood");
        }
    }

    fn take_in(&mut self, note: Notification, client: Client) -> Option<()> {
        match note.method.as_str() {
            notes::Initialized::METHOD => {
                self.watch(client);
                return Some(());
            }
            notes::DidOpenTextDocument::METHOD => {
                let params: DidOpenTextDocumentParams = parsed(note.params).ok()?;
                self.documents.open(params.text_document);
            }
            notes::DidChangeTextDocument::METHOD => {
                let params: DidChangeTextDocumentParams = parsed(note.params).ok()?;
                self.documents.change(&params.text_document, params.content_changes, client.encoding);
            }
            notes::DidSaveTextDocument::METHOD => {
                let params: DidSaveTextDocumentParams = parsed(note.params).ok()?;
                self.documents.save(&params.text_document.uri);
            }
            notes::DidCloseTextDocument::METHOD => {
                let params: DidCloseTextDocumentParams = parsed(note.params).ok()?;
                let uri = params.text_document.uri;
                self.documents.close(&uri);
                self.shown.remove(uri.as_str());
                self.publish(uri, Vec::new(), None);
            }
            notes::DidChangeWorkspaceFolders::METHOD => {
                let params: DidChangeWorkspaceFoldersParams = parsed(note.params).ok()?;
                self.workspace.remove_folders(params.event.removed.iter().filter_map(|it| path_of(&it.uri)));
                self.workspace.add_folders(params.event.added.iter().filter_map(|it| path_of(&it.uri)));
            }
            notes::DidChangeWatchedFiles::METHOD => {}
            _ => return Some(()),
        }
        self.is_stale = true;
        Some(())
    }

    /// Asks to be told of files that change on disk, where the editor can; else they are looked at with the next change.
    fn watch(&mut self, client: Client) {
        if !client.watches {
            return;
        }
        let names = ["**/*.sql", "**/dbctl.toml", &format!("**/{}", baseline::FILE)].map(str::to_owned);
        let watchers = names.map(|name| FileSystemWatcher { glob_pattern: GlobPattern::String(name), kind: None });
        let options = DidChangeWatchedFilesRegistrationOptions { watchers: watchers.to_vec() };
        let registration = Registration {
            id: "dbctl/files".to_owned(),
            method: notes::DidChangeWatchedFiles::METHOD.to_owned(),
            register_options: serde_json::to_value(options).ok(),
        };
        let params = RegistrationParams { registrations: vec![registration] };
        let id = RequestId::from("dbctl/files".to_owned());
        self.out.send(Request::new(id, asks::RegisterCapability::METHOD.to_owned(), params));
    }

    /// Lints what may have changed, and tells what is new.
    fn check(&mut self) {
        let Phase::Open(client) = self.phase else { return };
        if !std::mem::take(&mut self.is_stale) {
            return;
        }
        let notices = self.workspace.check(&self.documents);
        self.say(notices);
        let mut news = Vec::new();
        for document in self.documents.iter() {
            let seen = self.workspace.seen(&document.uri);
            let found = seen.map(|seen| diagnostics::diagnostics(&seen, client)).unwrap_or_default();
            let shown = self.shown.get(document.uri.as_str());
            if document.is_awaited || shown.is_none_or(|shown| *shown != found) {
                news.push((document.uri.clone(), found, document.version));
            }
        }
        self.documents.answered();
        for (uri, found, version) in news {
            self.shown.insert(uri.as_str().to_owned(), found.clone());
            self.publish(uri, found, Some(version));
        }
    }

    fn publish(&mut self, uri: Uri, found: Vec<Diagnostic>, version: Option<i32>) {
        let params = PublishDiagnosticsParams::new(uri, found, version);
        self.out.send(Notification::new(notes::PublishDiagnostics::METHOD.to_owned(), params));
    }

    /// Says what has not been said already, or has gone and come again.
    fn say(&mut self, notices: Vec<Notice>) {
        let standing = notices.iter().map(|(_, text)| text.clone()).collect();
        let said = std::mem::replace(&mut self.said, standing);
        for (typ, message) in notices {
            if !said.contains(&message) {
                let params = ShowMessageParams { typ, message };
                self.out.send(Notification::new(notes::ShowMessage::METHOD.to_owned(), params));
            }
        }
    }
}

fn parsed<T: DeserializeOwned>(params: Value) -> Result<T, (ErrorCode, String)> {
    serde_json::from_value(params).map_err(|error| (ErrorCode::InvalidParams, error.to_string()))
}

fn json(value: &impl Serialize) -> Answer {
    serde_json::to_value(value).map_err(|error| (ErrorCode::InternalError, error.to_string()))
}
