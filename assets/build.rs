//! Builds the player with Node and writes a table of its files for `lib.rs`.

#[path = "build/files.rs"]
mod files;
#[path = "build/node.rs"]
mod node;
#[path = "build/views.rs"]
mod views;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// What the build reads; nothing else makes it run again.
const SOURCES: [&str; 10] = [
    "src",
    "public",
    "index.html",
    "openapi.json",
    "package.json",
    "package-lock.json",
    "svelte.config.js",
    "tsconfig.json",
    "vite",
    "vite.config.ts",
];
const READY: &str = "HEXACHORD_PLAYER_DIST";

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            // Cargo shows what a build script prints when it fails.
            println!("cargo::error={}", problem.replace('\n', " | "));
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), String> {
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
    }
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    for variable in [READY, "DOCS_RS"] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    let here = env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo sets CARGO_MANIFEST_DIR")?;
    let here = PathBuf::from(here);
    let built = match env::var_os(READY).filter(|path| !path.is_empty()) {
        _ if env::var_os("DOCS_RS").is_some() => None,
        Some(none) if none == "none" => None,
        // A relative one begins at the root of the workspace, where cargo is usually run.
        Some(ready) => Some(ready_build(&here.parent().unwrap_or(&here).join(ready))?),
        None => Some(node::build(&here, &out.join("dist"))?),
    };
    let table = files::table(built.as_deref(), &out.join("gzip"))?;
    fs::write(out.join("files.rs"), table)
        .map_err(|error| format!("the table of files: {error}"))?;
    let views = views::table(built.as_deref())?;
    fs::write(out.join("views.rs"), views).map_err(|error| format!("the table of views: {error}"))
}

fn ready_build(path: &Path) -> Result<PathBuf, String> {
    println!("cargo::rerun-if-changed={}", path.display());
    if path.join("index.html").is_file() {
        return path.canonicalize().map_err(|error| format!("{}: {error}", path.display()));
    }
    Err(format!(
        "{READY} leads to {}, where no built player is: it has no index.html",
        path.display()
    ))
}
