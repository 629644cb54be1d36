//! Unpacks archives of binaries: gzipped tar files and zip files (wheels are such).

use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::PermissionsExt;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use flate2::read::GzDecoder;
use tar::EntryType;

/// Unpacks into `root` what `place` gives a path to; paths of the archive that leave it are left out.
///
/// Links are made last, so that no file is ever written through one.
pub(super) fn unpack(
    mut archive: impl Read + Seek,
    root: &Utf8Path,
    place: &dyn Fn(&str) -> Option<String>,
) -> io::Result<()> {
    let mut magic = [0; 2];
    archive.read_exact(&mut magic)?;
    archive.rewind()?;
    match magic {
        [0x1f, 0x8b] => unpack_tar(archive, root, place),
        [b'P', b'K'] => unpack_zip(archive, root, place),
        _ => Err(io::Error::new(io::ErrorKind::InvalidData, "it is neither a `.tar.gz` nor a `.zip` file")),
    }
}

fn unpack_tar(archive: impl Read, root: &Utf8Path, place: &dyn Fn(&str) -> Option<String>) -> io::Result<()> {
    let mut archive = tar::Archive::new(GzDecoder::new(archive));
    let mut copies = Vec::new();
    let mut links = Vec::new();
    for entry in archive.entries()? {
        let mut entry = entry?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let Some(path) = place(name.trim_start_matches("./")).and_then(|path| inside(root, &path)) else { continue };
        let link = entry.link_name_bytes().map(|link| String::from_utf8_lossy(&link).into_owned());
        match (entry.header().entry_type(), link) {
            (EntryType::Directory, _) => fs_err::create_dir_all(&path)?,
            (EntryType::Symlink, Some(link)) => links.push((link, path)),
            (EntryType::Link, Some(link)) => copies.push((link, path)),
            (EntryType::Regular | EntryType::Continuous, _) => {
                let is_program = entry.header().mode()? & 0o111 != 0;
                write(&path, &mut entry, is_program)?;
            }
            _ => {}
        }
    }
    for (link, path) in copies {
        if let Some(original) = inside(root, link.trim_start_matches("./")) {
            fs_err::copy(original, path)?;
        }
    }
    links.into_iter().try_for_each(|(link, path)| symlink(&link, &path))
}

fn unpack_zip(archive: impl Read + Seek, root: &Utf8Path, place: &dyn Fn(&str) -> Option<String>) -> io::Result<()> {
    let mut archive = zip::ZipArchive::new(archive)?;
    let mut links = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        let Some(path) = place(&entry.name()?).and_then(|path| inside(root, &path)) else { continue };
        if entry.is_dir() {
            fs_err::create_dir_all(&path)?;
        } else if entry.is_symlink() {
            links.push((io::read_to_string(entry)?, path));
        } else {
            let is_program = entry.unix_mode().is_some_and(|mode| mode & 0o111 != 0);
            write(&path, &mut entry, is_program)?;
        }
    }
    links.into_iter().try_for_each(|(link, path)| symlink(&link, &path))
}

/// The path below `root`; `None` where it would not be.
fn inside(root: &Utf8Path, path: &str) -> Option<Utf8PathBuf> {
    let path = Utf8Path::new(path);
    let stays = path.components().all(|part| matches!(part, Utf8Component::Normal(_)));
    (stays && !path.as_str().is_empty()).then(|| root.join(path))
}

/// Writes a file that everybody may read, and run where it is a program.
fn write(path: &Utf8Path, from: &mut impl Read, is_program: bool) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs_err::create_dir_all(parent)?;
    }
    let mut file = fs_err::File::create(path)?;
    io::copy(from, &mut file)?;
    file.flush()?;
    fs_err::set_permissions(path, PermissionsExt::from_mode(if is_program { 0o755 } else { 0o644 }))
}

/// Makes a symbolic link to a neighbour; others than relative ones have no meaning here.
pub(super) fn symlink(target: &str, path: &Utf8Path) -> io::Result<()> {
    if Utf8Path::new(target).is_absolute() {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        fs_err::create_dir_all(parent)?;
    }
    fs_err::os::unix::fs::symlink(target, path)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    #[test]
    fn leaves_out_paths_that_leave_the_folder() {
        let root = Utf8Path::new("/r");
        assert_eq!(inside(root, "a/b"), Some("/r/a/b".into()));
        for path in ["../a", "/a", "a/../../b", ""] {
            assert_eq!(inside(root, path), None, "{path}");
        }
    }

    #[test]
    fn unpacks_programs_and_links() {
        let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
        let mut header = tar::Header::new_gnu();
        header.set_size(2);
        header.set_mode(0o700);
        tar.append_data(&mut header, "x/bin/run", "hi".as_bytes()).unwrap();
        let mut link = tar::Header::new_gnu();
        link.set_entry_type(EntryType::Symlink);
        link.set_size(0);
        tar.append_link(&mut link, "x/bin/also", "run").unwrap();
        let bytes = tar.into_inner().unwrap().finish().unwrap();

        let dir = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(dir.path()).unwrap();
        unpack(Cursor::new(bytes), root, &|path| Some(path.to_owned())).unwrap();
        assert_eq!(fs_err::read_to_string(root.join("x/bin/also")).unwrap(), "hi");
        let mode = fs_err::metadata(root.join("x/bin/run")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o755);
    }

    #[test]
    fn says_what_it_can_read() {
        let error = unpack(Cursor::new(b"hello"), Utf8Path::new("/nowhere"), &|_| None).unwrap_err();
        assert!(error.to_string().contains("tar.gz"), "{error}");
    }
}
