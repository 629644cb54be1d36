//! dbctl plans, applies and rolls back PostgreSQL and Supabase migrations, locally first.

pub mod db;
pub mod diagnostic;
pub mod exit;
pub mod sqlstate;
pub mod text;
