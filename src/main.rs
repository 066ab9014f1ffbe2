//! The command line of Sikes: see [`sikes::cli`].

fn main() -> std::process::ExitCode {
    sikes::cli::main()
}
