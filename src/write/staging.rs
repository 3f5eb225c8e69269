//! Files that appear whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::error::Error;

/// A folder of files in the making, inside the folder that they are meant for: there alone
/// can a rename never cross file systems.
#[derive(Debug)]
pub(super) struct Staging {
    target: PathBuf,
    /// Folders made for this run, the innermost first: they go again if nothing comes of it.
    made: Vec<PathBuf>,
    folder: Option<TempDir>,
}

impl Staging {
    /// Makes sure that files can be written to `target`, under the names of `files`.
    pub(super) fn create(target: &Path, files: &[&str]) -> Result<Staging, Error> {
        if target.exists() && !target.is_dir() {
            return Err(Error::io("write", target, io::ErrorKind::NotADirectory.into()));
        }
        let missing = target.ancestors().take_while(|it| !it.as_os_str().is_empty());
        let made: Vec<PathBuf> =
            missing.take_while(|it| !it.exists()).map(Path::to_owned).collect();
        fs::create_dir_all(target).map_err(|err| Error::io("write", target, err))?;
        let mut staging = Staging { target: target.to_owned(), made, folder: None };
        if let Some(name) = files.iter().find(|name| target.join(name).is_dir()) {
            let path = target.join(name);
            let taken = io::Error::from(io::ErrorKind::IsADirectory);
            return Err(Error::io("write", path, taken));
        }
        let folder = tempfile::Builder::new().prefix(".onrecord-").tempdir_in(target);
        staging.folder = Some(folder.map_err(|err| Error::io("write", target, err))?);
        Ok(staging)
    }

    /// The place of a file in the making.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        let folder = self.folder.as_ref().expect("made on creation, taken on publishing");
        folder.path().join(name)
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
    pub(super) fn publish(mut self, files: &[&str]) -> Result<(), Error> {
        for name in files {
            let to = self.target.join(name);
            fs::rename(self.path(name), &to).map_err(|err| Error::io("write", to, err))?;
        }
        self.made.clear();
        // The files stand in their places; that the folder itself reaches the disk is a courtesy
        // that not every file system grants.
        let _ = File::open(&self.target).and_then(|it| it.sync_all());
        drop(self.folder.take());
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        drop(self.folder.take());
        for folder in &self.made {
            // Fails where somebody else has put something there, which is right.
            let _ = fs::remove_dir(folder);
        }
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
