//! The rules that the source keeps.
