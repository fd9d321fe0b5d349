//! The table of the player's files: what each is, and the same compressed.

use std::{
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};

/// The source of `FILES`, sorted by path. Compressed files go into `gzip`.
pub(crate) fn table(built: Option<&Path>, gzip: &Path) -> Result<String, String> {
    let mut paths = Vec::new();
    if let Some(built) = built {
        walk(built, &mut paths).map_err(|error| format!("{}: {error}", built.display()))?;
    }
    fs::create_dir_all(gzip).map_err(|error| format!("{}: {error}", gzip.display()))?;
    let mut rows: Vec<(String, String)> = Vec::new();
    for (number, path) in paths.iter().enumerate() {
        let name = built.and_then(|built| path.strip_prefix(built).ok()).unwrap_or(path);
        let name = name.to_string_lossy().replace('\\', "/");
        // Vite's notes to itself.
        if name.starts_with('.') {
            continue;
        }
        let compressed = compressed(path, &gzip.join(number.to_string()))
            .map_err(|error| format!("{}: {error}", path.display()))?;
        let bytes = path.display().to_string();
        let gzip = match compressed {
            Some(path) => format!("Some(include_bytes!({:?}))", path.display().to_string()),
            None => "None".to_owned(),
        };
        let kept = name.starts_with("assets/");
        let kind = content_type(&name);
        let row = format!(
            "    File {{ path: {name:?}, content_type: {kind:?}, bytes: include_bytes!({bytes:?}), \
             gzip: {gzip}, is_fingerprinted: {kept} }},"
        );
        rows.push((name, row));
    }
    rows.sort();
    let mut text = String::from("static FILES: &[File] = &[\n");
    for (_, row) in rows {
        writeln!(text, "{row}").map_err(|error| error.to_string())?;
    }
    text.push_str("];\n");
    Ok(text)
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { walk(&path, found)? } else { found.push(path) }
    }
    Ok(())
}

/// Where the compressed file is, when compressing pays.
fn compressed(path: &Path, to: &Path) -> std::io::Result<Option<PathBuf>> {
    let bytes = fs::read(path)?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes)?;
    let smaller = encoder.finish()?;
    if smaller.len() + 64 >= bytes.len() {
        return Ok(None);
    }
    fs::write(to, smaller)?;
    Ok(Some(to.to_owned()))
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
