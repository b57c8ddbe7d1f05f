//! The `afpi` program: one binary, its roles as subcommands.

use std::process::ExitCode;

fn main() -> ExitCode {
    afpi::cli::main()
}
