//! Where submissions are: a folder with a `submission.yaml`, or a folder of such folders.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// The file that makes a folder a submission.
pub const MANIFEST: &str = "submission.yaml";

/// The most submissions that one run may take.
const MAX_SUBMISSIONS: usize = 10_000;

/// One submission's folder and its name in reports.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Folder {
    /// Its name, unique in the run.
    pub name: String,
    /// Its path.
    pub path: PathBuf,
}

/// The submissions at a path, sorted by name.
pub fn find(path: &Path) -> Result<Vec<Folder>> {
    if path.is_file() {
        let help = if path.file_name().is_some_and(|name| name == MANIFEST) {
            "name the folder that it stands in"
        } else {
            "name the folder of a submission"
        };
        return Err(Error::new(format!("{} is a file: {help}", path.display())));
    }
    let failed = |error: &std::io::Error| Error::io("read the folder", path, error);
    if path.join(MANIFEST).is_file() {
        let full = path.canonicalize().map_err(|error| failed(&error))?;
        let name = full.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        return Ok(vec![Folder { name, path: path.to_owned() }]);
    }
    let mut folders = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| failed(&error))? {
        let entry = entry.map_err(|error| failed(&error))?;
        if entry.path().join(MANIFEST).is_file() {
            let name = entry.file_name().to_string_lossy().into_owned();
            folders.push(Folder { name, path: entry.path() });
        }
        if folders.len() > MAX_SUBMISSIONS {
            return Err(Error::new(format!(
                "{} holds more than {MAX_SUBMISSIONS} submissions",
                path.display()
            )));
        }
    }
    if folders.is_empty() {
        return Err(Error::new(format!(
            "there is no submission at {}: a submission is a folder with a {MANIFEST}, which says who reports what",
            path.display()
        )));
    }
    folders.sort();
    Ok(folders)
}
