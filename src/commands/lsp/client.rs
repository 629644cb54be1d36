//! What the editor can do, and what it is told that this server can.

use lsp_types::{
    ClientCapabilities, CodeActionKind, CodeActionOptions, CodeActionProviderCapability, HoverProviderCapability,
    MarkupKind, OneOf, PositionEncodingKind, ResourceOperationKind, SaveOptions, ServerCapabilities,
    TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions, TextDocumentSyncSaveOptions,
    WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};

use super::position::Encoding;

/// The kind of the action that mends all at once; editors run it on save where they are told to.
pub const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.dbctl");

/// What the editor can do.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is an ability of its own")]
pub struct Client {
    /// What both sides count in.
    pub encoding: Encoding,
    /// Edits name the version that they are meant for.
    pub versioned_edits: bool,
    /// Edits may create files.
    pub creates_files: bool,
    /// Diagnostics may name other places.
    pub related: bool,
    /// Explanations may be markdown.
    pub markdown: bool,
    /// It can be asked to watch files.
    pub watches: bool,
}

impl Client {
    /// Reads what the editor says of itself.
    pub fn new(said: &ClientCapabilities) -> Self {
        let text = said.text_document.as_ref();
        let workspace = said.workspace.as_ref();
        let edits = workspace.and_then(|it| it.workspace_edit.as_ref());
        let versioned_edits = edits.and_then(|it| it.document_changes).unwrap_or(false);
        let operations = edits.and_then(|it| it.resource_operations.as_ref());
        let encodings = said.general.as_ref().and_then(|it| it.position_encodings.as_ref());
        let formats = text.and_then(|it| it.hover.as_ref()?.content_format.as_ref());
        Self {
            encoding: match encodings {
                Some(known) if known.contains(&PositionEncodingKind::UTF8) => Encoding::Utf8,
                _ => Encoding::Utf16,
            },
            versioned_edits,
            creates_files: versioned_edits
                && operations.is_some_and(|known| known.contains(&ResourceOperationKind::Create)),
            related: text.and_then(|it| it.publish_diagnostics.as_ref()?.related_information).unwrap_or(false),
            markdown: formats.is_none_or(|known| known.contains(&MarkupKind::Markdown)),
            watches: workspace
                .and_then(|it| it.did_change_watched_files.as_ref()?.dynamic_registration)
                .unwrap_or(false),
        }
    }
}

/// What this server can do.
pub fn capabilities(client: Client) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(client.encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions { include_text: Some(false) })),
            ..TextDocumentSyncOptions::default()
        })),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX, FIX_ALL]),
            ..CodeActionOptions::default()
        })),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(OneOf::Left(true)),
            }),
            file_operations: None,
        }),
        ..ServerCapabilities::default()
    }
}
