//! `hexachord import`: takes over plays, favourites, ratings and playlists from another program.
//!
//! Its database is read whole, then its tracks are found among those of this library, then what its
//! people did is told to the platform. All of it may be done again: what is known is not doubled.

mod accounts;
mod database;
mod error;
mod foreign;
mod jellyfin;
mod matches;
mod merged;
mod navidrome;
mod place;
mod report;
mod supysonic;
mod tables;
mod taking;
mod values;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::{Args, ValueEnum};
use hexachord_contracts::{Page, catalog::Library};
use http::Method;
use indicatif::{ProgressBar, ProgressStyle};

use self::{error::ReadError, foreign::Foreign, place::Place, report::Report, taking::Taking};
use super::backend::Backend;
use crate::config::Config;

/// Tracks and facts that the server takes in one request.
const AT_ONCE: usize = 500;

type Error = Box<dyn std::error::Error + Send + Sync>;

#[derive(Debug, Args)]
pub(super) struct ImportArguments {
    /// The program to take over from.
    program: Program,
    /// Its database file, or the folder with it: it is only read.
    database: PathBuf,
    /// The account of somebody who is called otherwise there; may be given several times.
    #[arg(long, value_name = "THEIRS=OURS", value_parser = pair)]
    user: Vec<(String, String)>,
    /// Whose the plays are that Supysonic counts for everyone together.
    #[arg(long, value_name = "THEIRS")]
    plays_of: Option<String>,
    /// Change nothing, only report.
    #[arg(long)]
    dry_run: bool,
    /// Write all of the report into a new file, as lines of JSON.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Program {
    Navidrome,
    Jellyfin,
    Supysonic,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(theirs, ours)| !theirs.is_empty() && !ours.is_empty());
    let pair = pair.ok_or("must be a name there, `=`, and the name of an account here")?;
    Ok((pair.0.to_owned(), pair.1.to_owned()))
}

pub(super) async fn run(config: Config, arguments: ImportArguments) -> Result<ExitCode, Error> {
    let ImportArguments { program, database, user, plays_of, dry_run, report } = arguments;
    if plays_of.is_some() && program != Program::Supysonic {
        return Err("--plays-of is for Supysonic: the others know whose each play is".into());
    }
    let place = report.map(Place::new).transpose()?;
    let foreign = read(program, database, plays_of).await?;
    let mut backend = Backend::find(config).await?;
    let done = carry_out(&mut backend, &foreign, &user, dry_run).await;
    backend.close().await;
    let report = done?;
    report.show();
    if let Some(place) = place {
        place.fill(|file| report.write(file))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads all of the database, beside the runtime.
async fn read(program: Program, path: PathBuf, plays_of: Option<String>) -> Result<Foreign, Error> {
    let spinner = ProgressBar::new_spinner().with_message(format!("reading {}", path.display()));
    spinner.enable_steady_tick(Duration::from_millis(120));
    let read = move || -> Result<Foreign, ReadError> {
        match program {
            Program::Navidrome => navidrome::read(&path),
            Program::Jellyfin => jellyfin::read(&path),
            Program::Supysonic => supysonic::read(&path, plays_of.as_deref()),
        }
    };
    let foreign = tokio::task::spawn_blocking(read).await?;
    spinner.finish_and_clear();
    Ok(foreign?)
}

async fn carry_out(
    backend: &mut Backend,
    foreign: &Foreign,
    named: &[(String, String)],
    dry_run: bool,
) -> Result<Report, Error> {
    let libraries: Page<Library> = backend.ask(Method::GET, "/api/v1/libraries", None).await?;
    if libraries.items.iter().all(|library| library.track_count == 0) {
        return Err(
            "there is no music here to match with: give --music DIR or set library.folders, \
                    and run `hexachord scan` first"
                .into(),
        );
    }
    let owners = accounts::owners(backend, foreign, named).await?;
    let matches = matches::find(backend, foreign, &owners).await?;
    let mut report = Report::new(foreign, &matches, &owners, dry_run);
    let taking = Taking { foreign, matches: &matches, owners: &owners, dry_run };
    let taken = taking.run(backend, &mut report).await;
    match taken {
        Ok(()) => Ok(report),
        Err(error) if dry_run => Err(error.into()),
        Err(error) => {
            Err(format!("{error}; what was taken over so far stays: run the import again to go on")
                .into())
        }
    }
}

fn progress(length: usize, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(length as u64).with_message(what);
    if let Ok(style) = ProgressStyle::with_template("{bar:32} {pos}/{len} {msg}, {eta} left") {
        bar.set_style(style);
    }
    bar
}
