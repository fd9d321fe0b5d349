//! Every crate that the program is made of stands under a licence that lets people do as they like
//! with the program.

use std::collections::BTreeMap;

/// Permissive, or (MPL-2.0) binding only for the changed file itself.
const ALLOWED: [&str; 15] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

#[test]
fn licences_are_permissive() {
    let metadata = super::crates::metadata(&["--filter-platform", "host-tuple"]);
    let packages = metadata["packages"].as_array().expect("there are packages");
    let mut refused = BTreeMap::new();
    for package in packages {
        let licence = package["license"].as_str().unwrap_or("none");
        if !is_allowed(licence) {
            refused.insert(package["name"].to_string(), licence);
        }
    }
    assert!(packages.len() > 50, "these are not all crates");
    assert!(refused.is_empty(), "not permissive, or unknown here: {refused:?}");
}

/// One of the alternatives is allowed, with all its parts (SPDX: `AND` binds tighter than `OR`). Old
/// crates write `/` for `OR`.
fn is_allowed(licence: &str) -> bool {
    let licence = licence.replace('/', " OR ");
    let licence = licence.trim();
    let alternatives = split_outside_brackets(licence, " OR ");
    if alternatives.len() > 1 {
        return alternatives.into_iter().any(is_allowed);
    }
    let parts = split_outside_brackets(licence, " AND ");
    if parts.len() > 1 {
        return parts.into_iter().all(is_allowed);
    }
    match licence.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => is_allowed(inner),
        None => ALLOWED.contains(&licence),
    }
}

fn split_outside_brackets<'t>(text: &'t str, separator: &str) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let (mut depth, mut from) = (0, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            ' ' if depth == 0 && at >= from && text[at..].starts_with(separator) => {
                parts.push(&text[from..at]);
                from = at + separator.len();
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

#[test]
fn expressions_are_understood() {
    for good in ["MIT", "MIT/Apache-2.0", "GPL-3.0 OR MIT", "(MIT OR GPL-2.0) AND Unicode-3.0"] {
        assert!(is_allowed(good), "{good}");
    }
    for bad in
        ["GPL-3.0", "none", "MIT AND GPL-2.0", "(GPL-3.0 OR LGPL-3.0) AND MIT", "", "AGPL-3.0"]
    {
        assert!(!is_allowed(bad), "{bad}");
    }
}
