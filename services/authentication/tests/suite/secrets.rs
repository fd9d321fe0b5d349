//! Secrets stay secret: in the store's file and in what is printed.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use hexachord_authentication::{Resources, SecretKey};
use hexachord_contracts::{
    Clock, LibraryAccess, Role, Timestamp,
    authentication::{CreateDeviceKey, CreateInvite, Identify, Secret, SignIn},
};

use rand::{SeedableRng, rngs::StdRng};

use crate::house::{House, PASSWORD, both_ways, both_ways_on_disk, origin, settings, system};

/// Where a test reads what was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_file_has_no_secret() {
    both_ways_on_disk(async |way, folder| {
        let clock = Clock::manual(Timestamp::from_millis(1_800_000_000_000));
        let house = House::on_disk(&clock, folder.path(), way).await;
        let anna = house.listener("anna-in-the-file").await;
        let session = house.sign_in("anna-in-the-file").await;
        let key = CreateDeviceKey { label: "phone-in-the-file".to_owned(), account: Some(anna.id) };
        let key = house.ask(&system(), key).await.unwrap();
        let invite = CreateInvite {
            role: Role::Listener,
            libraries: LibraryAccess::All,
            valid_seconds: None,
        };
        let invite = house.ask(&system(), invite).await.unwrap();
        clock.advance(Duration::from_secs(61));
        house.identify(&session.token).await.unwrap();
        house.close().await;

        let bytes = std::fs::read(folder.path().join("authentication.redb")).unwrap();
        let has = |text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
        for known in ["anna-in-the-file", "phone-in-the-file", "$argon2id$"] {
            assert!(has(known.as_bytes()), "{known}: the search finds what is there");
        }
        let token = session.token.reveal();
        let secret = key.secret.reveal();
        let code = invite.code.reveal();
        for text in [PASSWORD, token, &token[4..], secret, &secret[4..], code] {
            assert!(!has(text.as_bytes()), "{text}");
        }
        assert!(!has(code.replace('-', "").as_bytes()));
        assert!(!has(&[7; 32]), "the secret key");
    })
    .await;
}

#[tokio::test]
async fn what_is_printed_has_no_secret() {
    both_ways_on_disk(async |way, folder| {
        let clock = Clock::manual(Timestamp::from_millis(1_800_000_000_000));
        let house = House::on_disk(&clock, folder.path(), way).await;
        let anna = house.listener("anna").await;
        let session = house.sign_in("anna").await;
        let key = CreateDeviceKey { label: "phone".to_owned(), account: Some(anna.id) };
        let key = house.ask(&system(), key).await.unwrap();
        let sign_in = SignIn {
            username: "anna".to_owned(),
            password: Secret::new(PASSWORD),
            origin: origin(""),
        };
        let identify = Identify { credential: session.token.clone(), origin: origin("") };
        let wrong = house.try_password("anna", "a wrong secret", "").await;
        let printed = format!(
            "{session:?} {key:?} {sign_in:?} {identify:?} {wrong:?} {:?}",
            SecretKey::new([7; 32])
        );
        for text in
            [PASSWORD, "a wrong secret", session.token.reveal(), key.secret.reveal(), "7, 7"]
        {
            assert!(!printed.contains(text), "{text} in {printed}");
        }
    })
    .await;
}

#[tokio::test]
async fn another_secret_key_is_noticed_once_and_keys_still_sign_in() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::ERROR)
        .with_writer(move || writer.clone())
        .finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    both_ways(settings(), async |mut house| {
        let anna = house.listener("anna").await;
        let mut keys = Vec::new();
        for label in ["phone", "car"] {
            let key = CreateDeviceKey { label: label.to_owned(), account: Some(anna.id) };
            keys.push(house.ask(&system(), key).await.unwrap());
        }
        let start_with = |key| {
            let hashers = Arc::new(settings().hashers().unwrap());
            let (key, rng) = (Arc::new(SecretKey::new(key)), StdRng::seed_from_u64(9));
            Resources::new(house.store.clone(), hashers, key, house.clock.clone(), rng)
        };
        let (same, other) = (start_with([7; 32]), start_with([8; 32]));
        House::incarnate(settings(), &same, house.way).await;
        assert_eq!(log.take(), "");
        house.client = House::incarnate(settings(), &other, house.way).await;
        let logged = log.take();
        let sentence = "secret.key is not the one that sealed 2 device keys: put it back, or \
                        revoke them";
        assert!(logged.contains(sentence) && logged.lines().count() == 1, "{logged}");
        for key in keys {
            house.identify(&key.secret).await.unwrap();
        }
        house.client = House::incarnate(settings(), &other, house.way).await;
        assert_eq!(log.take(), "", "said at the start of the program, not of each incarnation");
    })
    .await;
}
