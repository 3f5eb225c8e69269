//! Files that appear whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::Error;
use sha2::{Digest, Sha256};

/// A folder of files in the making, inside the folder that they are meant for: there alone
/// can a rename never cross file systems.
#[derive(Debug)]
pub(super) struct Staging {
    target: PathBuf,
    folder: PathBuf,
    leftovers: Leftovers,
    /// Held as long as the run lives, however it ends.
    _lock: Option<File>,
}

/// How the name of a folder of files in the making begins; [`MARKS`] letters and digits follow.
const PREFIX: &str = ".onrecord-";
const MARKS: usize = 6;
/// The file in it that its run has locked.
const LOCK: &str = "lock";

/// What a run leaves on the disk if nothing comes of it. Whoever ends the program without
/// waiting for the run removes it first.
#[derive(Debug, Clone, Default)]
pub struct Leftovers(Arc<Mutex<Folders>>);

#[derive(Debug, Default)]
struct Folders {
    /// Holds the files in the making.
    staging: Option<PathBuf>,
    /// Made for this run around it, the innermost first.
    made: Vec<PathBuf>,
}

impl Leftovers {
    /// Removes what is there. Where files are just being moved to their places, this waits until
    /// all of them stand there.
    pub fn remove(&self) {
        let mut folders = self.lock();
        if let Some(folder) = folders.staging.take() {
            let _ = fs::remove_dir_all(folder);
        }
        for folder in folders.made.drain(..) {
            // Fails where somebody else has put something there, which is right.
            let _ = fs::remove_dir(folder);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Folders> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Staging {
    /// Makes sure that files can be written to `target`, under the names of `files`.
    pub(super) fn create(target: &Path, files: &[&str]) -> Result<Staging, Error> {
        if let Some(file) = target.ancestors().find(|it| it.exists()).filter(|it| !it.is_dir()) {
            let (target, file) = (target.display(), file.display());
            let message = format!("cannot write to `{target}`: `{file}` is a file, not a folder");
            return Err(Error::usage(message));
        }
        let missing = target.ancestors().take_while(|it| !it.as_os_str().is_empty());
        let leftovers = Leftovers::default();
        leftovers.lock().made = missing.take_while(|it| !it.exists()).map(Path::to_owned).collect();
        let target = target.to_owned();
        let mut staging = Staging { target, folder: PathBuf::new(), leftovers, _lock: None };
        let target = &*staging.target;
        fs::create_dir_all(target).map_err(|err| Error::io("write", target, err))?;
        if let Some(name) = files.iter().find(|name| target.join(name).is_dir()) {
            let path = target.join(name);
            let taken = io::Error::from(io::ErrorKind::IsADirectory);
            return Err(Error::io("write", path, taken));
        }
        remove_stale(target);
        let folder = tempfile::Builder::new().prefix(PREFIX).rand_bytes(MARKS).tempdir_in(target);
        staging.folder = folder.map_err(|err| Error::io("write", target, err))?.keep();
        staging.leftovers.lock().staging = Some(staging.folder.clone());
        // Where a file system knows no locks, nobody takes the folder for a stale one either.
        staging._lock = File::create(staging.path(LOCK)).ok().filter(|it| it.lock().is_ok());
        Ok(staging)
    }

    /// What to remove where the run cannot be waited for.
    pub(super) fn leftovers(&self) -> Leftovers {
        self.leftovers.clone()
    }

    /// The folder that the files are meant for.
    pub(super) fn target(&self) -> &Path {
        &self.target
    }

    /// The place of a file in the making.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A new file.
    pub(super) fn file(&self, name: &'static str) -> Result<Hashed, Error> {
        let path = self.path(name);
        let shown = self.target.join(name);
        let file = File::create(&path).map_err(|err| Error::io("write", &shown, err))?;
        let out = BufWriter::with_capacity(1 << 16, file);
        Ok(Hashed { name, shown, out, hash: Sha256::new(), bytes: 0, rows: 0 })
    }

    /// Moves the files to their places, in the order given.
    pub(super) fn publish(self, files: &[&str]) -> Result<(), Error> {
        // Nobody removes anything before all of them are there.
        let mut folders = self.leftovers.lock();
        for name in files {
            let to = self.target.join(name);
            fs::rename(self.path(name), &to).map_err(|err| Error::io("write", to, err))?;
        }
        folders.made.clear();
        drop(folders);
        // The files stand in their places; that the folder itself reaches the disk is a courtesy
        // that not every file system grants.
        let _ = File::open(&self.target).and_then(|it| it.sync_all());
        Ok(())
    }
}

/// Removes what runs left that were killed, and could not. One that still lives has its folder
/// locked. Nothing is lost where this fails.
fn remove_stale(target: &Path) {
    let entries = fs::read_dir(target).into_iter().flatten().flatten();
    for entry in entries.filter(|it| is_staging(it) && !is_locked(&it.path().join(LOCK))) {
        let _ = fs::remove_dir_all(entry.path());
    }
}

fn is_staging(entry: &fs::DirEntry) -> bool {
    let name = entry.file_name();
    let marks = name.to_str().and_then(|it| it.strip_prefix(PREFIX));
    marks.is_some_and(|it| it.len() == MARKS && it.bytes().all(|it| it.is_ascii_alphanumeric()))
        && entry.file_type().is_ok_and(|it| it.is_dir())
}

/// Whether somebody holds the lock, or may do so.
fn is_locked(path: &Path) -> bool {
    match File::open(path) {
        Ok(file) => file.try_lock().is_err(),
        Err(err) => err.kind() != io::ErrorKind::NotFound,
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        self.leftovers.remove();
    }
}

/// A file that counts and hashes what is written to it.
#[derive(Debug)]
pub(super) struct Hashed {
    pub(super) name: &'static str,
    shown: PathBuf,
    out: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
    pub(super) rows: u64,
}

/// What a finished file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finished {
    pub(super) name: &'static str,
    pub(super) rows: u64,
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

impl Hashed {
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        self.out.write_all(bytes).map_err(|err| Error::io("write", &self.shown, err))
    }

    /// Writes a row or line; the line feed is added.
    pub(super) fn row(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.rows += 1;
        self.write(bytes)?;
        self.write(b"\n")
    }

    pub(super) fn finish(self) -> Result<Finished, Error> {
        let fail = |err| Error::io("write", &self.shown, err);
        let file = self.out.into_inner().map_err(|err| fail(err.into_error()))?;
        file.sync_all().map_err(fail)?;
        let sha256 = hex(&self.hash.finalize());
        Ok(Finished { name: self.name, rows: self.rows, bytes: self.bytes, sha256 })
    }
}

/// Hex SHA-256.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |it: u8| char::from(DIGITS[usize::from(it)]);
    let mut hex = String::with_capacity(2 * bytes.len());
    for it in bytes {
        hex.push(digit(it >> 4));
        hex.push(digit(it & 15));
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_killed_runs_left_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let others = [".onrecord-abc", ".onrecord-abc_ef", ".onrecord-abcdefg", "onrecord-abcdef"];
        for name in others.iter().chain(&[".onrecord-aB3dEf", ".onrecord-000000"]) {
            fs::create_dir(path(name)).unwrap();
            fs::write(path(name).join("spool"), "x").unwrap();
        }
        fs::write(path(".onrecord-000000").join(LOCK), "").unwrap();
        fs::write(path(".onrecord-a1b2c3"), "a file of somebody").unwrap();
        let alive = Staging::create(folder.path(), &[]).unwrap();
        let names = || {
            let entries = fs::read_dir(folder.path()).unwrap();
            let names = entries.map(|it| it.unwrap().file_name().into_string().unwrap());
            names.collect::<std::collections::BTreeSet<_>>()
        };
        let own = |it: &Staging| it.folder.file_name().unwrap().to_str().unwrap().to_owned();
        let kept = others.iter().map(|&it| it.to_owned()).chain([".onrecord-a1b2c3".to_owned()]);
        let kept: Vec<String> = kept.collect();
        let expected = |more: &[&Staging]| {
            kept.iter().cloned().chain(more.iter().map(|&it| own(it))).collect()
        };
        assert_eq!(names(), expected(&[&alive]));
        let second = Staging::create(folder.path(), &[]).unwrap();
        assert_eq!(names(), expected(&[&alive, &second]), "the first one still lives");
        drop((alive, second));
        assert_eq!(names(), expected(&[]));
    }
}
