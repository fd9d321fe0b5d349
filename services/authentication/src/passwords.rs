//! Passwords: argon2id (RFC 9106) on threads of their own, never on the runtime.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::phc::PasswordHash,
};
use hexachord_contracts::{
    BoxError, Pool,
    authentication::{AuthenticationError, Secret},
    pool::PoolError,
};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::{names::invalid, settings::PasswordCost};

/// Bytes of UTF-8, as typed.
const SHORTEST: usize = 8;
const LONGEST: usize = 1024;

/// Hashes and verifies, as many at once as the pool has threads.
pub(crate) struct Passwords {
    hashers: Arc<Pool>,
    params: Params,
    /// A hash that no password has: whoever has no account is verified against it, so that the
    /// answer takes as long.
    nobody: Arc<str>,
}

/// A password that may be set: long enough, in one spelling (NFKC).
pub(crate) struct NewPassword(Zeroizing<String>);

pub(crate) type Salt = [u8; 16];

/// What verifying said.
pub(crate) enum Verdict {
    Wrong,
    /// With the password's hash at today's cost, where the stored one had another.
    Right {
        upgraded: Option<Arc<str>>,
    },
}

impl NewPassword {
    /// `field` is the call's field that a refusal names.
    pub(crate) fn parse(field: &str, typed: &Secret) -> Result<Self, AuthenticationError> {
        match typed.reveal().len() {
            ..SHORTEST => Err(invalid(field, "use at least 8 characters")),
            SHORTEST..=LONGEST => Ok(Self(normal(typed))),
            _ => Err(invalid(field, "use at most 1024 bytes")),
        }
    }
}

impl Passwords {
    /// `salt` and `output` are random: they make up the hash that no password has.
    pub(crate) fn new(
        hashers: Arc<Pool>,
        cost: PasswordCost,
        salt: Salt,
        output: [u8; 32],
    ) -> Result<Self, BoxError> {
        let params = Params::new(cost.memory_kib, cost.passes, 1, None)
            .map_err(|error| format!("the cost of passwords is not possible: {error}"))?;
        let nobody = PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: (&params).try_into()?,
            salt: Some(argon2::password_hash::phc::Salt::new(&salt)?),
            hash: Some(argon2::password_hash::phc::Output::new(&output)?),
        };
        Ok(Self { hashers, params, nobody: nobody.to_string().into() })
    }

    /// The PHC string of a new password.
    pub(crate) async fn hash(
        &self,
        password: NewPassword,
        salt: Salt,
    ) -> Result<Arc<str>, AuthenticationError> {
        let params = self.params.clone();
        let hashed = self.hashers.run(move || hash(params, &password.0, salt)).await;
        hashed.map_err(busy)?
    }

    /// Is this the password of `stored`, the PHC string of an account (`None`: there is none)?
    pub(crate) async fn verify(
        &self,
        typed: &Secret,
        stored: Option<Arc<str>>,
        salt: Salt,
    ) -> Result<Verdict, AuthenticationError> {
        // What is too long is nobody's password and not worth hashing as it is.
        let fits = typed.reveal().len() <= LONGEST;
        let password = if fits { normal(typed) } else { Zeroizing::new(String::new()) };
        let params = self.params.clone();
        let stored = stored.unwrap_or_else(|| Arc::clone(&self.nobody));
        let verdict = self.hashers.run(move || verify(params, &password, &stored, salt)).await;
        verdict.map_err(busy)?
    }
}

fn normal(typed: &Secret) -> Zeroizing<String> {
    Zeroizing::new(typed.reveal().nfkc().collect())
}

fn hash(params: Params, password: &str, salt: Salt) -> Result<Arc<str>, AuthenticationError> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon2.hash_password_with_salt(password.as_bytes(), &salt);
    Ok(hash.map_err(|error| damaged(&error))?.to_string().into())
}

fn verify(
    params: Params,
    password: &str,
    stored: &str,
    salt: Salt,
) -> Result<Verdict, AuthenticationError> {
    let stored = PasswordHash::new(stored).map_err(|error| damaged(&error))?;
    // The cost is the stored hash's own.
    if Argon2::default().verify_password(password.as_bytes(), &stored).is_err() {
        return Ok(Verdict::Wrong);
    }
    let costs = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
    let cost = Params::try_from(&stored).map_err(|error| damaged(&error))?;
    let upgraded =
        if costs(&cost) == costs(&params) { None } else { Some(hash(params, password, salt)?) };
    Ok(Verdict::Right { upgraded })
}

fn busy(error: PoolError) -> AuthenticationError {
    match error {
        PoolError::Full => AuthenticationError::Busy,
        PoolError::Interrupted => AuthenticationError::Storage(error.to_string()),
    }
}

fn damaged(error: &dyn std::fmt::Display) -> AuthenticationError {
    AuthenticationError::Storage(format!("a password's hash: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passwords(memory_kib: u32) -> Passwords {
        let pool = Arc::new(Pool::new("test-hash", 1, 4).unwrap());
        let cost = PasswordCost { memory_kib, passes: 1 };
        Passwords::new(pool, cost, [1; 16], [2; 32]).unwrap()
    }

    fn new(text: &str) -> NewPassword {
        NewPassword::parse("password", &Secret::new(text)).unwrap()
    }

    async fn right(passwords: &Passwords, typed: &str, stored: Option<&Arc<str>>) -> bool {
        let verdict = passwords.verify(&Secret::new(typed), stored.cloned(), [4; 16]).await;
        matches!(verdict.unwrap(), Verdict::Right { .. })
    }

    #[tokio::test]
    async fn the_same_password_in_another_spelling_is_right() {
        let passwords = passwords(8);
        let stored = passwords.hash(new("Zoë's ﬁddle"), [3; 16]).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{stored}");
        assert!(right(&passwords, "Zoe\u{308}'s fiddle", Some(&stored)).await);
        for wrong in ["Zoe's fiddle", "", "zoë's fiddle", &"x".repeat(5000)] {
            assert!(!right(&passwords, wrong, Some(&stored)).await, "{wrong}");
        }
    }

    #[tokio::test]
    async fn nobody_has_a_password_and_the_hash_of_nobody_costs_as_much() {
        let passwords = passwords(16);
        for typed in ["", "password", &"x".repeat(5000)] {
            assert!(!right(&passwords, typed, None).await);
        }
        let stored = passwords.hash(new("password"), [3; 16]).await.unwrap();
        let cost = |phc: &str| phc.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(cost(&stored), cost(&passwords.nobody));
        assert_eq!(stored.len(), passwords.nobody.len());
    }

    #[tokio::test]
    async fn another_cost_upgrades() {
        let cheap = passwords(8).hash(new("password"), [3; 16]).await.unwrap();
        let dear = passwords(16);
        let verdict = dear.verify(&Secret::new("password"), Some(cheap), [5; 16]).await.unwrap();
        let Verdict::Right { upgraded: Some(upgraded) } = verdict else { panic!("not upgraded") };
        assert!(upgraded.contains("m=16"), "{upgraded}");
        let verdict = dear.verify(&Secret::new("password"), Some(upgraded), [6; 16]).await;
        assert!(matches!(verdict.unwrap(), Verdict::Right { upgraded: None }));
    }

    #[test]
    fn lengths_are_counted_in_bytes_and_named() {
        let parse = |text: &str| NewPassword::parse("new", &Secret::new(text)).map(|_| ());
        assert!(parse("12345678").is_ok() && parse("üüüü").is_ok());
        assert!(parse(&"x".repeat(1024)).is_ok());
        for (text, word) in [("1234567".to_owned(), "8"), ("x".repeat(1025), "1024")] {
            let error = parse(&text).unwrap_err();
            assert!(matches!(error, AuthenticationError::Invalid { field, reason }
                if field == "new" && reason.contains(word)));
        }
    }
}
