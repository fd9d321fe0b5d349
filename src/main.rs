//! The program: arguments, configuration, log, then the command.

use std::process::ExitCode;

use clap::Parser;
use hexachord::cli::Arguments;

fn main() -> ExitCode {
    Arguments::parse().run()
}
