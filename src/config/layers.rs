//! The layers of configuration, each over the one before: the embedded file, a file, the
//! environment, the command line. Whoever gives a wrong key or value is named, with its line.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use toml::{
    Table, Value,
    de::{DeTable, DeValue},
};

use super::Config;

/// The file of the repository: every key with its default.
const EMBEDDED: &str = include_str!("../../config.toml");
const VARIABLE_PREFIX: &str = "HEXACHORD_";

/// Where a setting came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Embedded,
    File { path: PathBuf, line: usize },
    Variable(String),
    Argument(&'static str),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Embedded => f.write_str("the embedded config.toml"),
            Self::File { path, line } => write!(f, "{} line {line}", path.display()),
            Self::Variable(name) => write!(f, "environment variable {name}"),
            Self::Argument(name) => write!(f, "argument {name}"),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("cannot read the configuration {path}: {error}")]
    Unreadable { path: PathBuf, error: std::io::Error },
    #[error("{path} is not valid TOML: {error}")]
    NotToml { path: PathBuf, error: Box<toml::de::Error> },
    #[error("{from}: unknown key `{key}`{hint}")]
    UnknownKey { from: Source, key: String, hint: String },
    #[error("{from}: `{key}`: {reason}")]
    WrongValue { from: Source, key: String, reason: String },
}

/// One setting of a layer above the embedded file.
struct Override {
    from: Source,
    section: String,
    key: String,
    value: Value,
}

/// Reads `file` (which must exist when given), then the variables, then the arguments.
pub fn load(
    file: Option<&Path>,
    variables: impl IntoIterator<Item = (String, String)>,
    arguments: Vec<(&'static str, &'static str, &'static str, Value)>,
) -> Result<Config, ConfigError> {
    let mut table: Table = EMBEDDED.parse().map_err(|error| ConfigError::NotToml {
        path: PathBuf::from("the embedded config.toml"),
        error: Box::new(error),
    })?;
    let mut overrides = match file {
        Some(path) => of_file(&table, path)?,
        None => Vec::new(),
    };
    overrides.extend(of_environment(&table, variables)?);
    overrides.extend(arguments.into_iter().map(|(name, section, key, value)| Override {
        from: Source::Argument(name),
        section: section.to_owned(),
        key: key.to_owned(),
        value,
    }));
    for one in overrides {
        apply(&mut table, one)?;
    }
    Config::deserialize(table).map_err(|error| ConfigError::WrongValue {
        from: Source::Embedded,
        key: String::new(),
        reason: error.message().to_owned(),
    })
}

/// Puts one setting into the table, and asks at once whether the whole is still good: that is how
/// a wrong value is told together with who gave it.
fn apply(table: &mut Table, one: Override) -> Result<(), ConfigError> {
    let Override { from, section, key, value } = one;
    let path = format!("{section}.{key}");
    let known: Vec<String> = keys_of(table).collect();
    let place = table.get_mut(&section).and_then(Value::as_table_mut);
    let place = place.and_then(|section| section.get_mut(&key));
    let Some(place) = place else {
        let hint = hint(&path, &known);
        return Err(ConfigError::UnknownKey { from, key: path, hint });
    };
    *place = value;
    Config::deserialize(table.clone()).map(drop).map_err(|error| ConfigError::WrongValue {
        from,
        key: path,
        reason: error.message().to_owned(),
    })
}

fn of_file(known: &Table, path: &Path) -> Result<Vec<Override>, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError::Unreadable { path: path.to_owned(), error })?;
    let not_toml = |error| ConfigError::NotToml { path: path.to_owned(), error: Box::new(error) };
    let spans = DeTable::parse(&text).map_err(not_toml)?;
    let values: Table = text.parse().map_err(not_toml)?;
    let source = |at: usize| Source::File { path: path.to_owned(), line: line_of(&text, at) };
    let mut overrides = Vec::new();
    for (section, content) in spans.get_ref() {
        let DeValue::Table(keys) = content.get_ref() else {
            return Err(ConfigError::UnknownKey {
                from: source(section.span().start),
                key: section.get_ref().to_string(),
                hint: ": settings stand under a section like [server]".to_owned(),
            });
        };
        let name = section.get_ref().to_string();
        if !known.contains_key(&name) {
            let keys: Vec<String> = known.keys().cloned().collect();
            let hint = hint(&name, &keys);
            return Err(ConfigError::UnknownKey {
                from: source(section.span().start),
                key: name,
                hint,
            });
        }
        for key in keys.keys() {
            let value = values.get(&name).and_then(|section| section.get(key.get_ref().as_ref()));
            let Some(value) = value.cloned() else { continue };
            let from = source(key.span().start);
            let key = key.get_ref().to_string();
            overrides.push(Override { from, section: name.clone(), key, value });
        }
    }
    Ok(overrides)
}

fn of_environment(
    table: &Table,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<Vec<Override>, ConfigError> {
    let mut overrides = Vec::new();
    for (name, text) in variables {
        let setting = name.strip_prefix(VARIABLE_PREFIX).and_then(|rest| rest.split_once("__"));
        let Some((section, key)) = setting else { continue };
        let (section, key) = (section.to_lowercase(), key.to_lowercase());
        let default = table.get(&section).and_then(|section| section.get(&key));
        let from = Source::Variable(name);
        let value = match default {
            Some(default) => {
                value_like(default, &text).map_err(|reason| ConfigError::WrongValue {
                    from: from.clone(),
                    key: format!("{section}.{key}"),
                    reason,
                })?
            }
            None => Value::String(text),
        };
        overrides.push(Override { from, section, key, value });
    }
    overrides.sort_by(|a, b| (&a.section, &a.key).cmp(&(&b.section, &b.key)));
    Ok(overrides)
}

/// Reads a variable's text as a value of the default's type; lists are TOML, paths
/// parted by colons, or other values parted by commas.
fn value_like(default: &Value, text: &str) -> Result<Value, String> {
    match default {
        Value::Integer(_) => text
            .parse()
            .map(Value::Integer)
            .map_err(|_nan| format!("`{text}` is not a whole number")),
        Value::Float(_) => {
            text.parse().map(Value::Float).map_err(|_nan| format!("`{text}` is not a number"))
        }
        Value::Boolean(_) => text
            .parse()
            .map(Value::Boolean)
            .map_err(|_neither| format!("`{text}` is neither true nor false")),
        Value::Array(_) if text.trim_start().starts_with('[') => {
            let table: Table = format!("list = {text}")
                .parse()
                .map_err(|error: toml::de::Error| error.message().to_owned())?;
            Ok(table.get("list").cloned().unwrap_or(Value::Array(Vec::new())))
        }
        Value::Array(_) if !text.contains('/') => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            Ok(Value::Array(parts.map(|part| Value::String(part.to_owned())).collect()))
        }
        Value::Array(_) => {
            let parts = std::env::split_paths(text).filter(|part| !part.as_os_str().is_empty());
            let texts = parts.map(|part| Value::String(part.to_string_lossy().into_owned()));
            Ok(Value::Array(texts.collect()))
        }
        _ => Ok(Value::String(text.to_owned())),
    }
}

fn keys_of(table: &Table) -> impl Iterator<Item = String> {
    table.iter().flat_map(|(section, keys)| {
        let keys = keys.as_table().into_iter().flatten();
        keys.map(move |(key, _)| format!("{section}.{key}"))
    })
}

/// The known key that looks most like the unknown one, if one does.
fn hint(unknown: &str, known: &[String]) -> String {
    let nearest = known.iter().map(|key| (distance(unknown, key), key)).min();
    match nearest {
        Some((distance, key)) if distance <= 4 => format!(": did you mean `{key}`?"),
        _ => ": config.toml of the repository lists all keys".to_owned(),
    }
}

/// Levenshtein's edit distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}
