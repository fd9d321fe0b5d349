//! The crate graph: services know contracts and libraries, never each other.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

use serde_json::Value;

/// Libraries that every service may use; none is a service.
const LIBRARIES: [&str; 5] = [
    "hexachord-audio",
    "hexachord-contracts",
    "hexachord-outgoing",
    "hexachord-pictures",
    "hexachord-storage",
];
/// Parts of the appliance that are crates, to be compiled apart; no service may use them.
const OF_THE_APPLIANCE: [&str; 2] = ["hexachord-demo", "hexachord-player"];
/// Crates of the workspace that no other crate needs outside its tests.
const FOR_TESTS: [&str; 1] = ["hexachord-fixtures"];
const ROOT: &str = "hexachord";

/// What cargo says of the workspace, without asking anybody else.
pub(super) fn metadata(arguments: &[&str]) -> Value {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_unset| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--offline"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo can be run");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo metadata: {said}");
    serde_json::from_slice(&output.stdout).expect("cargo answers with JSON")
}

/// The workspace's crates with what they need of each other; `dev` says whether in tests only.
struct Crates(BTreeMap<String, Vec<(String, bool)>>);

impl Crates {
    fn read() -> Self {
        let metadata = metadata(&["--no-deps"]);
        let packages = metadata["packages"].as_array().expect("there are packages");
        let name = |of: &Value| of["name"].as_str().expect("it has a name").to_owned();
        let members: BTreeSet<String> = packages.iter().map(name).collect();
        let needs = |package: &Value| {
            let all = package["dependencies"].as_array().expect("there are dependencies").iter();
            let own = all.filter(|dependency| members.contains(&name(dependency)));
            own.map(|dependency| (name(dependency), dependency["kind"] == "dev")).collect()
        };
        Self(packages.iter().map(|package| (name(package), needs(package))).collect())
    }

    fn services(&self) -> impl Iterator<Item = &String> {
        self.0.keys().filter(|name| {
            *name != ROOT
                && !LIBRARIES.contains(&name.as_str())
                && !OF_THE_APPLIANCE.contains(&name.as_str())
                && !FOR_TESTS.contains(&name.as_str())
        })
    }
}

#[test]
fn services_know_only_contracts_and_libraries() {
    let crates = Crates::read();
    let services: Vec<&String> = crates.services().collect();
    assert!(services.len() == 6, "these are not the six services: {services:?}");
    for service in &services {
        for (needed, in_tests) in &crates.0[*service] {
            let allowed = LIBRARIES.contains(&needed.as_str())
                || (*in_tests && FOR_TESTS.contains(&needed.as_str()));
            assert!(allowed, "{service} needs {needed}: services reach each other by contracts");
        }
    }
    for library in LIBRARIES {
        for (needed, _) in &crates.0[library] {
            assert!(!services.contains(&needed), "the library {library} needs {needed}");
            assert_ne!(needed, ROOT, "the library {library} needs the appliance");
        }
    }
    let lonely: Vec<String> =
        crates.0["hexachord-contracts"].iter().map(|(needed, _)| needed.clone()).collect();
    assert!(lonely.is_empty(), "contracts need {lonely:?}");
}

#[test]
fn who_needs_whom() {
    let lines = Crates::read().0.into_iter().map(|(name, needs)| {
        let needed: BTreeSet<String> =
            needs.into_iter().filter(|(_, in_tests)| !in_tests).map(|(needed, _)| needed).collect();
        let short = |name: &str| name.replace("hexachord-", "");
        let needed: String = needed.iter().map(|needed| [" ", &short(needed)].concat()).collect();
        format!("{} ->{needed}\n", short(&name))
    });
    insta::assert_snapshot!(lines.collect::<String>(), @r"
    hexachord -> audio authentication catalog contracts demo outgoing payment pictures player profile recommendation search storage
    audio ->
    authentication -> contracts storage
    catalog -> audio contracts outgoing pictures storage
    contracts ->
    demo ->
    fixtures ->
    outgoing ->
    payment -> contracts storage
    pictures ->
    player ->
    profile -> contracts storage
    recommendation -> contracts storage
    search -> contracts
    storage -> contracts
    ");
}

#[test]
fn services_live_under_their_names() {
    let crates = Crates::read();
    for service in crates.services() {
        let folder = service.strip_prefix("hexachord-").expect("it is called hexachord-…");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("services").join(folder);
        assert!(path.is_dir(), "{service} is not in services/{folder}");
    }
}

#[test]
fn only_the_wiring_names_services() {
    let crates = Crates::read();
    let names: Vec<String> = crates.services().map(|service| service.replace('-', "_")).collect();
    for source in super::sources::below(&["src"]) {
        if source.path == "src/wiring.rs" {
            let unnamed: Vec<_> =
                names.iter().filter(|name| !source.text.contains(*name)).collect();
            assert!(unnamed.is_empty(), "the wiring does not start {unnamed:?}");
            continue;
        }
        for name in &names {
            let path = &source.path;
            assert!(!source.text.contains(name), "{path} names {name}: only the wiring may");
        }
    }
}
