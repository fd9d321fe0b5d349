//! Node: is it here, is it new enough, and the build itself.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// What to do where it cannot be built.
const HOW: &str = "install Node 20.19 or later of 20, 22.13 or later of 22, or 24 or later, or set \
                   HEXACHORD_PLAYER_DIST to a ready build of the player, or to `none` to go on without it";
/// Whoever builds holds it, so that two builds of one checkout take turns with its packages.
const LOCK: &str = ".npm-lock";
/// Names the lock file whose packages are installed.
const STAMP: &str = "node_modules/.hexachord-lock";

/// Builds the player in `here` into `dist`.
pub(crate) fn build(here: &Path, dist: &Path) -> Result<PathBuf, String> {
    check_version()?;
    let path = here.join(LOCK);
    let cannot = |error| format!("{} cannot be locked: {error}", path.display());
    let lock = File::create(&path).map_err(cannot)?;
    lock.lock().map_err(cannot)?;
    install(here)?;
    npm(here, &["run", "--silent", "types"], &[])?;
    npm(here, &["run", "--silent", "build"], &[("HEXACHORD_PLAYER_OUT", dist)])?;
    Ok(dist.to_owned())
}

fn check_version() -> Result<(), String> {
    let said = Command::new("node").arg("--version").output();
    let said = said
        .map_err(|_missing| format!("the player is built with Node, which is not here: {HOW}"))?;
    let said = String::from_utf8_lossy(&said.stdout);
    let mut parts =
        said.trim().trim_start_matches('v').split('.').map_while(|part| part.parse().ok());
    let version = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if !is_new_enough(version) {
        return Err(format!("the player needs another Node than {}: {HOW}", said.trim()));
    }
    Ok(())
}

/// What Vite and what tests it run with: 21 and 23 never got what came late to the even ones.
fn is_new_enough(version: (u32, u32)) -> bool {
    matches!(version, (20, 19..) | (22, 13..)) || version.0 >= 24
}

/// `npm ci`, unless what the lock file names is installed already.
fn install(here: &Path) -> Result<(), String> {
    let wanted = fs::read(here.join("package-lock.json"))
        .map_err(|error| format!("package-lock.json: {error}"))?;
    let stamp = here.join(STAMP);
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    // With NODE_ENV=production npm would leave out what builds.
    let arguments = ["ci", "--include=dev", "--no-audit", "--no-fund", "--ignore-scripts"];
    npm(here, &arguments, &[]).map_err(|problem| {
        format!("{problem}\nWithout a network, or where it fails again: {HOW}")
    })?;
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
