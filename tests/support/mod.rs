//! Runs the program as a process, and takes apart what comes out.

use std::path::Path;
use std::process::{Command, Output};

/// What a run of the program came to.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The program, in the project's folder, with nothing of the terminal or the user that runs the tests.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sikes"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env("COLUMNS", "100").env_remove("NO_COLOR");
    command
}

/// Runs the program to its end.
pub(crate) fn sikes<I: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = I>) -> Run {
    finish(command().args(arguments))
}

/// Runs a prepared command to its end. It may fail, but it may not panic.
pub(crate) fn finish(command: &mut Command) -> Run {
    let output = command.output().expect("the program can be started");
    of(&output)
}

/// What an ended process printed.
pub(crate) fn of(output: &Output) -> Run {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the program prints UTF-8");
    let run = Run {
        code: output.status.code().unwrap_or(-1),
        stdout: text(&output.stdout),
        stderr: text(&output.stderr),
    };
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    assert!((0..=3).contains(&run.code), "exit code {}: {}", run.code, run.stderr);
    run
}

/// A path below the project's folder.
pub(crate) fn here(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
