//! A sign-in over HTTP against what it cannot do without: one argon2id verification and one fsync.
//!
//! The floor is the bare `argon2` crate at our cost on this thread, and a record that is appended
//! to a file on the disk of the server's data, because a sign-in is answered when it is durable.

use std::{cell::LazyCell, fs::File, io::Write, time::Instant};

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::phc::PasswordHash,
};
use criterion::Criterion;
use hexachord_authentication::Settings;

use crate::{
    child::own_cpu,
    client::Load,
    ratio::{Line, Took, Unit, compare},
    server::{PASSWORD, Server, sign_in_request},
};

/// About as long as a stored session.
const RECORD: [u8; 128] = [7; 128];

pub(crate) fn benches<F: FnOnce() -> Server>(
    criterion: &mut Criterion,
    server: &LazyCell<Server, F>,
) {
    let mut group = criterion.benchmark_group("sign-in");
    let bare = LazyCell::new(Bare::make);
    let line = Line {
        name: "post-session",
        floor: "one argon2id verification and one fsync, bare",
        goal: "a hash and an fsync",
        unit: Unit::Time,
    };
    let mut load = None;
    let ours = |_: &Bare, times| {
        let connect = || Load::new(server.child.address, 1, sign_in_request());
        load.get_or_insert_with(connect).run(&server.child, times)
    };
    compare(&mut group, "sign-in", &line, &bare, ours, Bare::sign_in);
    group.finish();
}

/// A stored password, and a file that remembers sign-ins.
struct Bare {
    stored: String,
    journal: File,
}

impl Bare {
    fn make() -> Self {
        let cost = Settings::default().password_cost;
        let params = Params::new(cost.memory_kib, cost.passes, 1, None);
        let params = params.expect("the default cost is possible");
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let hash = argon2.hash_password_with_salt(PASSWORD.as_bytes(), &[7; 16]);
        let stored = hash.expect("a short password can be hashed").to_string();
        Self { stored, journal: tempfile::tempfile().expect("a temporary file can be made") }
    }

    fn sign_in(&self, times: u64) -> Took {
        let (began, used) = (Instant::now(), own_cpu());
        for _ in 0..times {
            let stored = PasswordHash::new(&self.stored).expect("it was made here");
            let verdict = Argon2::default().verify_password(PASSWORD.as_bytes(), &stored);
            verdict.expect("the password is right");
            (&self.journal).write_all(&RECORD).expect("the disk has room");
            self.journal.sync_data().expect("the disk works");
        }
        Took { units: times, wall: began.elapsed(), cpu: Some(own_cpu().saturating_sub(used)) }
    }
}
