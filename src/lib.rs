//! dbctl plans, applies and rolls back PostgreSQL and Supabase migrations, locally first.

pub mod diagnostic;
pub mod exit;
#[cfg(unix)]
pub mod server;
pub mod text;
