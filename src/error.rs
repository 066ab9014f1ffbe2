//! The machine failed: a file that cannot be read, a disk that is full. Nobody's data and nobody's standard are at fault.

use std::fmt;
use std::path::Path;

/// What could not be done, and why.
#[derive(Debug)]
pub struct Error {
    message: String,
}

/// A result whose failure is the machine's.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A failure in words.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }

    /// A failure of the file system: "could not read x.csv: no such file".
    pub fn io(action: &str, path: &Path, cause: &std::io::Error) -> Self {
        let reason = match cause.kind() {
            std::io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
            std::io::ErrorKind::PermissionDenied => "it may not be opened by this user".to_owned(),
            _ => cause.to_string(),
        };
        Self::new(format!("could not {action} {}: {reason}", path.display()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
