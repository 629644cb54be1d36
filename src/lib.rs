//! dbctl plans, applies and rolls back PostgreSQL and Supabase migrations, locally first.

pub mod diagnostic;
pub mod exit;
pub mod migration;
pub mod project;
pub mod sql;
pub mod text;
