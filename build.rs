//! Hands the archive that the feature `bundled-pg` compiles in to the crate; does nothing without the feature.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=DBCTL_PG_ARCHIVE");
    if std::env::var_os("CARGO_FEATURE_BUNDLED_PG").is_none() {
        return;
    }
    let (Some(archive), Some(out)) = (std::env::var_os("DBCTL_PG_ARCHIVE"), std::env::var_os("OUT_DIR")) else {
        println!(
            "cargo::error=the feature `bundled-pg` compiles an archive of PostgreSQL in: make one with `dbctl db bundle` and name it in DBCTL_PG_ARCHIVE"
        );
        return;
    };
    let archive = Path::new(&archive);
    println!("cargo::rerun-if-changed={}", archive.display());
    if let Err(error) = std::fs::copy(archive, Path::new(&out).join("postgres-archive")) {
        println!("cargo::error=DBCTL_PG_ARCHIVE: cannot read `{}`: {error}", archive.display());
    }
}
