//! Where the files of a standard come from: the binary itself, or a folder of versions.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::Source;
use crate::error::{Error, Result};

/// The files of all versions in this binary, as `("1.0/standard.yaml", text)`.
static EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/embedded_standard.rs"));

/// The largest file that a standard may have.
const MAX_FILE_BYTES: u64 = 4 * 1024 * 1024;
/// The most files that a version may have.
const MAX_FILES: usize = 20_000;

/// A collection of versions.
#[derive(Debug, Clone)]
pub enum Library {
    /// The versions built into this binary.
    Embedded,
    /// A folder that holds one folder a version.
    Folder(PathBuf),
    /// One file that holds one resolved version, as `sikes standard resolve` writes it.
    Resolved(PathBuf),
}

impl Library {
    /// The library and the version that a path names: `standard/1.0` is version `1.0` of the library `standard`.
    pub fn of_version(path: &Path) -> Result<(Self, String)> {
        if path.is_file() {
            let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
            return Ok((Self::Resolved(path.to_owned()), name));
        }
        // `.` and `..` have no name of their own.
        let full = path.canonicalize().map_err(|error| Error::io("read the standard", path, &error))?;
        let version = full.file_name().map(|name| name.to_string_lossy().into_owned());
        let (Some(version), Some(parent), true) = (version, full.parent(), is_version(&full)) else {
            let inside = Self::Folder(full).versions();
            let help = match inside.len() {
                0 => String::new(),
                1..=12 => format!("; name a version in it: {}", inside.join(", ")),
                more => format!("; name one of the {more} versions in it"),
            };
            let message =
                format!("{} is not the folder of a version: it has no {HEADER}{help}", path.display());
            return Err(Error::new(message));
        };
        // The path is shown as it was typed wherever that is possible.
        let shown =
            path.parent().filter(|_| path.file_name().is_some_and(|name| name.to_string_lossy() == version));
        Ok((Self::Folder(shown.map_or_else(|| parent.to_owned(), Path::to_owned)), version))
    }

    /// The versions that there are, sorted.
    pub fn versions(&self) -> Vec<String> {
        let mut versions: Vec<String> = match self {
            Self::Embedded => EMBEDDED
                .iter()
                .filter_map(|(name, _)| name.strip_suffix("/standard.yaml"))
                .map(str::to_owned)
                .collect(),
            Self::Folder(folder) => fs::read_dir(folder)
                .into_iter()
                .flatten()
                .filter_map(std::result::Result::ok)
                .filter(|entry| is_version(&entry.path()))
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .collect(),
            Self::Resolved(file) => {
                file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).into_iter().collect()
            }
        };
        versions.sort();
        versions
    }

    /// The files of a version, each with its path inside the version's folder; none where the version is not there.
    pub fn read(&self, version: &str) -> Result<Vec<(String, Arc<Source>)>> {
        match self {
            Self::Embedded => {
                let prefix = format!("{version}/");
                Ok(EMBEDDED
                    .iter()
                    .filter_map(|(name, text)| {
                        let inside = name.strip_prefix(&prefix)?;
                        let source = Source { path: format!("standard/{name}"), text: (*text).to_owned() };
                        Some((inside.to_owned(), Arc::new(source)))
                    })
                    .collect())
            }
            Self::Folder(folder) => {
                let root = folder.join(version);
                let mut files = Vec::new();
                if is_version(&root) {
                    collect(&root, &mut files)?;
                }
                files.sort();
                files
                    .into_iter()
                    .map(|path| {
                        let inside =
                            path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                        Ok((inside, Arc::new(read_file(&path)?)))
                    })
                    .collect()
            }
            Self::Resolved(file) => Ok(vec![("resolved".to_owned(), Arc::new(read_file(file)?))]),
        }
    }
}

/// The file that makes a folder a version.
const HEADER: &str = "standard.yaml";

fn is_version(folder: &Path) -> bool {
    folder.join(HEADER).is_file()
}

/// A file that cannot be read as text.
#[derive(Debug)]
pub enum Unreadable {
    /// The machine cannot read it.
    Io(std::io::Error),
    /// It is larger than 4 MiB.
    TooLarge,
    /// It is not UTF-8.
    NotUtf8 {
        /// The first line that is not.
        line: usize,
    },
}

/// The text of one file, its size bounded, without a byte order mark.
///
/// # Errors
/// A file that is not there, of more than 4 MiB, or not in UTF-8.
pub fn read_text(path: &Path) -> std::result::Result<String, Unreadable> {
    let file = fs::File::open(path).map_err(Unreadable::Io)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(Unreadable::Io)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(Unreadable::TooLarge);
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let readable = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        Unreadable::NotUtf8 { line: readable.split(|byte| *byte == b'\n').count() }
    })?;
    Ok(text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned))
}

/// One file with its path.
fn read_file(path: &Path) -> Result<Source> {
    let shown = path.display();
    let text = read_text(path).map_err(|unreadable| match unreadable {
        Unreadable::Io(error) => Error::io("read", path, &error),
        Unreadable::TooLarge => {
            Error::new(format!("{shown} is larger than 4 MiB, more than a file of this kind can need"))
        }
        Unreadable::NotUtf8 { line } => {
            Error::new(format!("{shown} is not UTF-8 text (line {line}): save it as UTF-8"))
        }
    })?;
    Ok(Source { path: path.to_string_lossy().replace('\\', "/"), text })
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let failed = |error: &std::io::Error| Error::io("read the folder", folder, error);
    for entry in fs::read_dir(folder).map_err(|error| failed(&error))? {
        let entry = entry.map_err(|error| failed(&error))?;
        let kind = entry.file_type().map_err(|error| failed(&error))?;
        let path = entry.path();
        if kind.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
            files.push(path);
        }
        if files.len() > MAX_FILES {
            return Err(Error::new(format!("{} holds more than {MAX_FILES} files", folder.display())));
        }
    }
    Ok(())
}
