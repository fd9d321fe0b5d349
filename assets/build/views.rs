//! The table of what each view needs, from what the player's build wrote about it.

use std::{fmt::Write as _, fs, io::ErrorKind, path::Path};

/// Lines of a pattern, a tab, and the value of a `Link` header.
const NAME: &str = ".views";

/// The source of `VIEWS`; without a built player it is empty.
pub(crate) fn table(built: Option<&Path>) -> Result<String, String> {
    let text = match built {
        Some(built) => read(&built.join(NAME))?,
        None => String::new(),
    };
    let mut table = String::from("static VIEWS: &[(&str, &str)] = &[\n");
    for line in text.lines() {
        let (pattern, links) =
            line.split_once('\t').ok_or_else(|| format!("{NAME} has no tab in: {line}"))?;
        writeln!(table, "    ({pattern:?}, {links:?}),").map_err(|error| error.to_string())?;
    }
    table.push_str("];\n");
    Ok(table)
}

fn read(path: &Path) -> Result<String, String> {
    match fs::read_to_string(path) {
        // A ready build may come without it: its pages load a moment later.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        read => read.map_err(|error| format!("{}: {error}", path.display())),
    }
}
