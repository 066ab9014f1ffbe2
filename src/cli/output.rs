//! Where results go: stdout, stderr, and files that are written whole or not at all.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use clap::ValueEnum as _;

use super::{Colour, Common, Format};
use crate::error::{Error, Result};
use crate::submission::folder::MANIFEST;

/// A file to write and its format.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// The format.
    pub format: Format,
    /// The file.
    pub path: PathBuf,
}

/// Reads `json=report.json`.
pub(super) fn target(text: &str) -> std::result::Result<Target, String> {
    let (format, path) = text.split_once('=').ok_or("write FORMAT=PATH, such as json=report.json")?;
    let format = Format::from_str(format, false)
        .map_err(|_| format!("`{format}` is no format; the formats are human, json and csv"))?;
    if path.is_empty() {
        return Err("the path is empty".to_owned());
    }
    Ok(Target { format, path: path.into() })
}

/// Prints a result on stdout. A reader that has seen enough (`| head`) is no failure.
pub(super) fn print(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::new(format!("could not write to stdout: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints on stderr; where even that fails there is nobody left to tell.
pub(super) fn complain(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// What speaks against writing to these files, in words.
pub(super) fn objection(targets: &[Target]) -> Option<String> {
    for (place, target) in targets.iter().enumerate() {
        if targets[..place].iter().any(|earlier| earlier.path == target.path) {
            return Some(format!("--output names {} twice", target.path.display()));
        }
        let folder = target.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if folder.unwrap_or(Path::new(".")).join(MANIFEST).is_file() {
            let path = target.path.display();
            return Some(format!(
                "--output would write {path} into a submission: choose a folder of its own"
            ));
        }
    }
    None
}

/// Writes a file whole: beside its place first, then moved there. A link is followed, and what is no file (a pipe, a
/// terminal) is written to as it stands.
pub(super) fn write(path: &Path, text: &str) -> Result<()> {
    let failed = |error: &io::Error| Error::io("write", path, error);
    let target = path.canonicalize();
    let path = target.as_deref().unwrap_or(path);
    if path.exists() && !path.is_file() {
        let mut file = std::fs::OpenOptions::new().write(true).open(path).map_err(|error| failed(&error))?;
        return file.write_all(text.as_bytes()).map_err(|error| failed(&error));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut beside = tempfile::Builder::new();
    // A file for the time being is nobody else's business; a report is as readable as any other file.
    #[cfg(unix)]
    beside.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = beside.tempfile_in(folder).map_err(|error| failed(&error))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.as_file().sync_all())
        .map_err(|error| failed(&error))?;
    file.persist(path).map_err(|error| failed(&error.error))?;
    Ok(())
}

/// Why a new folder cannot be made at a place.
pub(super) enum Taken {
    /// A folder stands there that holds these files and folders, sorted.
    By(Vec<String>),
    /// Something stands there that is no folder.
    NoFolder,
    /// The program runs inside it, and would be left in a folder that is no longer there.
    Here,
}

/// What speaks against making a new folder at a place; an empty one may be taken.
pub(super) fn taken(folder: &Path) -> Result<Option<Taken>> {
    if std::fs::symlink_metadata(folder).is_err() {
        return Ok(None);
    }
    if !folder.is_dir() {
        return Ok(Some(Taken::NoFolder));
    }
    let failed = |error: io::Error| Error::io("read the folder", folder, &error);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        names.push(entry.map_err(failed)?.file_name().to_string_lossy().into_owned());
    }
    names.sort_unstable();
    if !names.is_empty() {
        return Ok(Some(Taken::By(names)));
    }
    let target = folder.canonicalize().map_err(failed)?;
    let inside = std::env::current_dir().and_then(|here| here.canonicalize());
    Ok(inside.is_ok_and(|here| here.starts_with(target)).then_some(Taken::Here))
}

/// Writes a new folder whole or not at all: beside its place first, then moved there. Nothing is ever overwritten: a
/// folder that has been filled in the meantime cannot be moved onto. A name may lead into folders of the folder.
pub(super) fn write_folder(folder: &Path, files: &[(String, String)]) -> Result<()> {
    let failed = |error: &io::Error| Error::io("write", folder, error);
    let target = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut beside = tempfile::Builder::new();
    // The folder will be as open to others as any that its owner makes.
    #[cfg(unix)]
    beside.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    let beside = beside.prefix(".sikes-new-").tempdir_in(parent).map_err(|error| failed(&error))?;
    // An empty folder that is there keeps who may open it.
    if let Ok(metadata) = std::fs::metadata(&target) {
        std::fs::set_permissions(beside.path(), metadata.permissions()).map_err(|error| failed(&error))?;
    }
    for (name, text) in files {
        let path = beside.path().join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| failed(&error))?;
        }
        let mut file = std::fs::File::create_new(path).map_err(|error| failed(&error))?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|error| failed(&error))?;
    }
    // Elsewhere an empty folder is replaced in the one step.
    if cfg!(windows) && target.is_dir() {
        std::fs::remove_dir(&target).map_err(|error| failed(&error))?;
    }
    std::fs::rename(beside.path(), &target).map_err(|error| failed(&error))?;
    // It is not where it was made any more, and nothing is left to clear away.
    let _ = beside.keep();
    Ok(())
}

/// Whether to use colour on a stream.
pub(super) fn colour(common: &Common, terminal: bool) -> bool {
    if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
        return false;
    }
    match common.color {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => terminal,
    }
}

/// Whether stdout is a terminal.
pub(super) fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether stderr is a terminal.
pub(super) fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// The width to lay text out for.
pub(super) fn width() -> usize {
    let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    asked.or_else(terminal).unwrap_or(140).clamp(60, 200)
}
