//! Writes a bundle as one file, for machines without a network and for the feature `bundled-pg`.

use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;

use camino::{Utf8Path, Utf8PathBuf};
use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{EntryType, Header};

use super::account::Account;
use super::bundle::{Bundles, engine_in};
use super::{Engine, Error, Progress, ServerSettings, fetch};

/// What was written.
#[derive(Debug, Clone)]
pub struct BundleReport {
    /// The file.
    pub path: Utf8PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256 in hexadecimal; the same binaries always give the same.
    pub sha256: String,
    /// What is in it.
    pub engine: Engine,
}

/// Writes the bundle, fetching it first where it has to be, as a gzipped tar file.
///
/// # Errors
/// Where there is no bundle to be had, or the file cannot be written.
pub fn bundle(
    settings: &ServerSettings,
    out: &Utf8Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<BundleReport, Error> {
    let account = Account::for_new_cluster()?;
    let mut looked = Vec::new();
    let found = Bundles::new(settings, account, progress)?.obtain(None, &mut looked)?;
    let Some((folder, origin)) = found else { return Err(Error::NoEngine { looked }) };
    let engine = engine_in(&folder, origin, account).map_err(|why| Error::Bundle { path: folder.clone(), why })?;
    let parent = out.parent().filter(|parent| !parent.as_str().is_empty()).unwrap_or(Utf8Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(parent)?;
    write(&folder, &mut file)?;
    file.as_file().set_permissions(PermissionsExt::from_mode(0o644))?;
    file.as_file().sync_all()?;
    file.persist(out).map_err(|error| error.error)?;
    let size = fs_err::metadata(out)?.len();
    Ok(BundleReport { path: out.to_owned(), size, sha256: fetch::sha256_of(out)?, engine })
}

/// Writes a folder in the order of its names, without times and owners, so that equal folders give equal files.
fn write(folder: &Utf8Path, to: impl Write) -> io::Result<()> {
    let mut archive = tar::Builder::new(GzEncoder::new(to, Compression::best()));
    append(&mut archive, folder, Utf8Path::new(""))?;
    archive.into_inner()?.finish()?.flush()
}

fn append(archive: &mut tar::Builder<impl Write>, root: &Utf8Path, below: &Utf8Path) -> io::Result<()> {
    let mut entries = root.join(below).read_dir_utf8()?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by(|a, b| a.file_name().cmp(b.file_name()));
    for entry in entries {
        let (name, kind) = (below.join(entry.file_name()), entry.file_type()?);
        if kind.is_dir() {
            append(archive, root, &name)?;
            continue;
        }
        let mut header = Header::new_gnu();
        header.set_mtime(0);
        if kind.is_symlink() {
            header.set_entry_type(EntryType::Symlink);
            header.set_size(0);
            header.set_mode(0o777);
            archive.append_link(&mut header, &name, fs_err::read_link(entry.path())?)?;
        } else {
            let meta = entry.metadata()?;
            header.set_size(meta.len());
            header.set_mode(if meta.permissions().mode() & 0o111 == 0 { 0o644 } else { 0o755 });
            archive.append_data(&mut header, &name, fs_err::File::open(entry.path())?)?;
        }
    }
    Ok(())
}
