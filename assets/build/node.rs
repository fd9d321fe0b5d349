//! Node: is it here, is it new enough, and the build itself.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// What Vite needs at least.
const LEAST: (u32, u32) = (20, 19);
/// Names the lock file whose packages are installed.
const STAMP: &str = "node_modules/.hexachord-lock";

/// Builds the player in `here` into `dist`.
pub(crate) fn build(here: &Path, dist: &Path) -> Result<PathBuf, String> {
    check_version()?;
    // Two builds of one checkout take turns with its packages.
    let lock_path = here.join("package-lock.json");
    let lock = File::open(&lock_path).map_err(|error| format!("package-lock.json: {error}"))?;
    lock.lock().map_err(|error| format!("package-lock.json cannot be locked: {error}"))?;
    install(here, &lock_path)?;
    npm(here, &["run", "--silent", "types"], &[])?;
    npm(here, &["run", "--silent", "build"], &[("HEXACHORD_PLAYER_OUT", dist)])?;
    Ok(dist.to_owned())
}

fn check_version() -> Result<(), String> {
    let how = "install Node 20.19 or later, or set HEXACHORD_PLAYER_DIST to a ready build of the player, \
               or to `none` to go on without it";
    let said = Command::new("node").arg("--version").output();
    let said = said
        .map_err(|_missing| format!("the player is built with Node, which is not here: {how}"))?;
    let said = String::from_utf8_lossy(&said.stdout);
    let mut parts =
        said.trim().trim_start_matches('v').split('.').map_while(|part| part.parse().ok());
    let version = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if version < LEAST {
        return Err(format!("the player needs a newer Node than {}: {how}", said.trim()));
    }
    Ok(())
}

/// `npm ci`, unless what the lock file names is installed already.
fn install(here: &Path, lock: &Path) -> Result<(), String> {
    let wanted = fs::read(lock).map_err(|error| format!("package-lock.json: {error}"))?;
    let stamp = here.join(STAMP);
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    npm(here, &["ci", "--no-audit", "--no-fund", "--ignore-scripts"], &[])?;
    fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))
}

fn npm(here: &Path, arguments: &[&str], environment: &[(&str, &Path)]) -> Result<(), String> {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(here).args(arguments).envs(environment.iter().copied());
    let ended = command.output();
    let Output { status, stdout, stderr } =
        ended.map_err(|error| format!("npm, which comes with Node, cannot be run: {error}"))?;
    if status.success() {
        return Ok(());
    }
    let said = [stdout, stderr].concat();
    let said = String::from_utf8_lossy(&said);
    Err(format!("`npm {}` failed ({status}):\n{}", arguments.join(" "), said.trim()))
}
