//! The command line. Exit codes: 0 done, 1 failed, 2 wrong arguments or configuration.

mod allocator;
mod backend;
mod convert;
mod import;
mod openapi;
mod output;
mod read_files;
mod scan;
mod serve;
mod user;

use std::{ffi::OsString, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use toml::Value;

use self::output::complain;
use crate::{
    config::{self, Config, ConfigError, Source},
    logging,
    wiring::WORKER_ARGUMENT,
};

#[derive(Debug, Parser)]
#[command(name = "hexachord", version, about = "A music streaming platform for the home")]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    settings: Settings,
}

/// Settings that every command takes.
#[derive(Debug, Args)]
struct Settings {
    /// The configuration file; without it ./config.toml, if there is one.
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// The folder of everything that Hexachord writes.
    #[arg(long, value_name = "DIR", global = true)]
    data: Option<PathBuf>,
    /// A folder of music; may be given several times.
    #[arg(long, value_name = "DIR", global = true)]
    music: Vec<PathBuf>,
    /// Where to listen.
    #[arg(long, value_name = "ADDR:PORT", global = true)]
    listen: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server (the default).
    Serve,
    /// Look for new, changed and missing music.
    Scan(scan::Wanted),
    /// Accounts.
    #[command(subcommand)]
    User(user::UserCommand),
    /// Take over plays, favourites, ratings and playlists from another program.
    Import(import::ImportArguments),
    /// Decode a music file into a WAV file.
    Decode(convert::DecodeArguments),
    /// Make a music file of another format out of one.
    Transcode(convert::TranscodeArguments),
    /// Print the OpenAPI document of the REST interface.
    Openapi,
    /// What a scan runs beside the server: reads files as it is told on standard input.
    #[command(name = WORKER_ARGUMENT, hide = true)]
    ReadFiles,
}

/// A command that needs the configuration.
enum Task {
    Serve,
    Scan(scan::Wanted),
    User(user::UserCommand),
    Import(import::ImportArguments),
}

impl Arguments {
    /// Runs the command and says how it went.
    pub fn run(self) -> ExitCode {
        let Self { command, settings } = self;
        let command = match command {
            Some(Command::Openapi) => return openapi::run(),
            Some(Command::ReadFiles) => return read_files::run(),
            Some(Command::Decode(arguments)) => return convert::decode(arguments),
            Some(Command::Transcode(arguments)) => return convert::transcode(arguments),
            Some(Command::Scan(wanted)) => Task::Scan(wanted),
            Some(Command::User(command)) => Task::User(command),
            Some(Command::Import(arguments)) => Task::Import(arguments),
            None | Some(Command::Serve) => {
                allocator::tune();
                Task::Serve
            }
        };
        let config = match settings.load() {
            Ok(config) => config,
            Err(error) => return wrong_usage(&error),
        };
        let serving = matches!(command, Task::Serve);
        // A command shows its own progress; the log of a short life is for what goes wrong.
        let log = if serving {
            config.log.clone()
        } else {
            config::Log { level: "error".to_owned(), ..config.log.clone() }
        };
        if let Err(error) = logging::start(&log) {
            return wrong_usage(&error);
        }
        let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return failed(&error),
        };
        let done = runtime.block_on(async move {
            match command {
                Task::Serve => serve::run(config).await,
                Task::Scan(wanted) => scan::run(config, wanted).await,
                Task::User(command) => user::run(config, command).await,
                Task::Import(arguments) => import::run(config, arguments).await,
            }
        });
        // A blocking thread that hangs on a dead network folder must not keep the process.
        runtime.shutdown_timeout(std::time::Duration::from_secs(1));
        done.unwrap_or_else(|error| failed(error.as_ref()))
    }
}

impl Settings {
    fn load(self) -> Result<Config, ConfigError> {
        let mut arguments = Vec::new();
        if let Some(data) = self.data {
            let data = path_value("--data", "storage.data", data)?;
            arguments.push(("--data", "storage", "data", data));
        }
        if !self.music.is_empty() {
            let music = |path| path_value("--music", "library.folders", path);
            let folders = self.music.into_iter().map(music).collect::<Result<_, _>>()?;
            arguments.push(("--music", "library", "folders", Value::Array(folders)));
        }
        if let Some(listen) = self.listen {
            arguments.push(("--listen", "server", "listen", Value::String(listen)));
        }
        let usual = PathBuf::from("config.toml");
        let file = self.config.or_else(|| usual.is_file().then_some(usual));
        let variables = std::env::vars_os().filter_map(variable).collect::<Result<Vec<_>, _>>()?;
        config::load(file.as_deref(), variables, arguments)
    }
}

/// Settings are text: a path that is not would become another path.
fn path_value(name: &'static str, key: &str, path: PathBuf) -> Result<Value, ConfigError> {
    let text = path.into_os_string().into_string();
    text.map(Value::String).map_err(|path| {
        let path = path.display();
        let reason = format!("{path} is not UTF-8: rename it, or give a link to it");
        ConfigError::WrongValue { from: Source::Argument(name), key: key.to_owned(), reason }
    })
}

/// A variable; one that is not text and none of ours is left out. Its value may be a secret.
fn variable((name, value): (OsString, OsString)) -> Option<Result<(String, String), ConfigError>> {
    let name = name.into_string().ok()?;
    match value.into_string() {
        Ok(value) => Some(Ok((name, value))),
        Err(_) if !name.starts_with("HEXACHORD_") => None,
        Err(_) => {
            let (from, reason) = (Source::Variable(name.clone()), "is not UTF-8".to_owned());
            Some(Err(ConfigError::WrongValue { from, key: name, reason }))
        }
    }
}

fn failed(error: &(impl std::fmt::Display + ?Sized)) -> ExitCode {
    complain(error);
    ExitCode::FAILURE
}

fn wrong_usage(error: &impl std::fmt::Display) -> ExitCode {
    complain(error);
    ExitCode::from(2)
}
