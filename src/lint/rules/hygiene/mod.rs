//! Files, names and the way back.

mod applied_file_edited;
mod bom;
mod comment;
mod crlf;
mod empty_migration;
mod filename_format;
mod hardcoded_value;
pub(in crate::lint) mod ignore_without_reason;
mod missing_header;
mod mixed_ddl_dml;
mod no_final_newline;
mod rollback;
mod rollback_incomplete;
mod rollback_order;
mod rollback_present;
mod search_path_change;
mod strings;
mod todo_placeholder;
pub(in crate::lint) mod unknown_ignore_rule;
pub(in crate::lint) mod unused_ignore;
mod version_duplicate;
mod version_future;
mod version_out_of_order;

use crate::lint::Rule;

/// The rules of this group, sorted by id.
pub(super) static RULES: &[&Rule] = &[
    &applied_file_edited::RULE,
    &bom::RULE,
    &crlf::RULE,
    &empty_migration::RULE,
    &filename_format::RULE,
    &hardcoded_value::RULE,
    &ignore_without_reason::RULE,
    &missing_header::RULE,
    &mixed_ddl_dml::RULE,
    &no_final_newline::RULE,
    &rollback_incomplete::RULE,
    &rollback_order::RULE,
    &rollback_present::RULE,
    &search_path_change::RULE,
    &todo_placeholder::RULE,
    &unknown_ignore_rule::RULE,
    &unused_ignore::RULE,
    &version_duplicate::RULE,
    &version_future::RULE,
    &version_out_of_order::RULE,
];
