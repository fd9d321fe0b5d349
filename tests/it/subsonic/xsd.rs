//! Answers in XML held against the published schema of Subsonic, which lies beside the project, and
//! what `opensubsonic.xsd` adds to it: it names each attribute and each element that OpenSubsonic has
//! besides, with its type, so that nothing else gets through.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::published::answers;
use crate::independent::{find, try_run};

/// Beside the project.
const PUBLISHED: &str = "../shared/opensubsonic/subsonic-rest-api-1.16.0.xsd";
const ADDITIONS: &str = include_str!("opensubsonic.xsd");
/// The ids of songs are text in OpenSubsonic, everywhere.
const CURRENT: [&str; 2] =
    [r#"name="current" type="xs:int""#, r#"name="current" type="xs:string""#];

/// A folder with the schema, and xmllint.
struct Validator {
    folder: tempfile::TempDir,
    xmllint: PathBuf,
}

impl Validator {
    fn new() -> Self {
        let xmllint = find("xmllint");
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let published = Path::new(env!("CARGO_MANIFEST_DIR")).join(PUBLISHED);
        let schema = fs::read_to_string(&published);
        let schema = schema.unwrap_or_else(|error| panic!("{}: {error}", published.display()));
        assert_eq!(schema.matches(CURRENT[0]).count(), 1);
        let schema = schema.replace(CURRENT[0], CURRENT[1]);
        let name = published.file_name().expect("it has a name");
        fs::write(folder.path().join(name), schema).expect("a file can be written");
        let additions = folder.path().join("opensubsonic.xsd");
        fs::write(additions, ADDITIONS).expect("a file can be written");
        Self { folder, xmllint }
    }

    /// What is wrong with documents.
    fn errors(&self, documents: &[&str]) -> Vec<String> {
        let names: Vec<String> = (0..documents.len()).map(|n| format!("{n}.xml")).collect();
        for (name, document) in names.iter().zip(documents) {
            fs::write(self.folder.path().join(name), document).expect("a file can be written");
        }
        let fixed = ["--nonet", "--noout", "--schema", "opensubsonic.xsd"];
        let names = names.iter().map(String::as_str);
        let arguments: Vec<&str> = fixed.into_iter().chain(names).collect();
        let (_, said, _) = try_run(&self.xmllint, self.folder.path(), &arguments);
        let valid = said.lines().filter(|line| line.ends_with(" validates")).count();
        let errors = said.lines().filter(|line| !line.ends_with(" validates"));
        let errors: Vec<String> = errors.map(str::to_owned).collect();
        assert!(valid == documents.len() || !errors.is_empty(), "{said}");
        errors
    }
}

#[test]
#[ignore = "needs xmllint, and the published schema beside the project"]
fn answers_in_xml_are_as_published() {
    let validator = Validator::new();
    let answers = answers();
    let documents: Vec<&str> = answers.iter().map(|answer| answer.xml.as_str()).collect();
    let errors = validator.errors(&documents);
    let of = |number: usize| {
        errors.iter().filter(move |error| error.starts_with(&format!("{number}.xml")))
    };
    for (number, answer) in answers.iter().enumerate() {
        let errors: Vec<&String> = of(number).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}\n{}", answer.call, answer.xml);
    }
    assert_eq!(errors, Vec::<String>::new());
}

/// The schema with its additions still refuses what neither has.
#[test]
#[ignore = "needs xmllint, and the published schema beside the project"]
fn what_is_not_published_is_refused() {
    let validator = Validator::new();
    let envelope = |inside: &str| {
        format!(
            r#"<subsonic-response xmlns="http://subsonic.org/restapi" status="ok" version="1.16.1" type="t" serverVersion="1" openSubsonic="true">{inside}</subsonic-response>"#
        )
    };
    let good = envelope(
        r#"<artist id="1" name="A" albumCount="0" sortName=""><roles>artist</roles></artist>"#,
    );
    assert_eq!(validator.errors(&[&good]), Vec::<String>::new());
    for (from, to) in [
        (r#"name="A""#, ""),
        (r#"albumCount="0""#, r#"albumCount="many""#),
        (r#"sortName="""#, r#"sort="""#),
        ("<roles>artist</roles>", "<role>artist</role>"),
        ("<roles>artist</roles>", "<roles name=\"artist\"/>"),
        ("<artist id", "<singer id"),
        (r#"openSubsonic="true""#, r#"openSubsonic="false""#),
        (r#"type="t""#, ""),
        (r#"version="1.16.1""#, r#"version="1.16""#),
        (r#"xmlns="http://subsonic.org/restapi""#, ""),
    ] {
        let changed = good.replacen(from, to, 1);
        assert_ne!(changed, good);
        assert!(!validator.errors(&[&changed]).is_empty(), "{changed}");
    }
    let starred = envelope(r#"<starred><artist id="1" name="A" coverArt="1"/></starred>"#);
    assert!(!validator.errors(&[&starred]).is_empty(), "artists as folders have no cover");
}
