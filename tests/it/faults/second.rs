//! A second program on the same data folder.

use crate::support::{Console, get};

#[test]
fn a_second_instance_refuses_and_the_first_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let music = crate::support::program::subfolder(folder.path(), "music");
    let data = folder.path().join("data");
    let console = || Console::new(folder.path()).argument("--music").argument(&music);
    let first = console().serve(&data);

    let second = console().words("serve --listen 127.0.0.1:0 --data").argument(&data);
    let complaint = second.fails(1);
    let data = data.canonicalize().unwrap();
    let sentence =
        format!("{} is in use: another hexachord runs on this data folder", data.display());
    assert_eq!(complaint, sentence);

    first.send(get("/readyz")).expect(200);
    first.member("somebody", "listener");
    first.stop();
    console().serve(&data).stop();
}
