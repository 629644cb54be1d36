//! The rules that the source keeps: who may use whom, what pure code never names, and that nothing lies about unused.

mod fence;
mod files;
mod source;
