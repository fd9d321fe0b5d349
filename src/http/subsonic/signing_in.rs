//! Who calls: by a device key, as it is or with a name. The account's password is not accepted.

use hexachord_contracts::{
    CallError,
    authentication::{AuthenticationError, CredentialId, DeviceProof, Secret},
};
use http::{HeaderMap, header};

use super::{
    failure::Failure,
    frame::VERSION_NUMBERS,
    parameters::{Parameters, number},
};
use crate::http::{
    app_key, arrival::Arrival, credential::Who, edge::Edge, own_address::own_address,
    problem::Problem,
};

/// No key is longer.
const LONGEST_KEY: usize = 2048;

pub(super) async fn sign_in(
    edge: &Edge,
    arrival: &Arrival,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Who, Failure> {
    let origin = || arrival.origin(headers);
    let named = ["u", "p", "t", "s"].map(|name| parameters.has(name));
    let known = if parameters.has("apiKey") {
        if named.contains(&true) {
            return Err(conflict("apiKey stands alone, without u, p, t and s"));
        }
        let key = parameters.required("apiKey")?;
        let no_key = || Failure::new(Failure::INVALID_KEY, "the API key is not valid (any more)");
        if key.len() >= LONGEST_KEY {
            return Err(no_key());
        }
        let known = edge.mirror.identify(key, arrival, origin).await.map_err(|error| {
            let is_unknown = error == CallError::Refused(AuthenticationError::InvalidCredential);
            if is_unknown { no_key() } else { failure(edge, arrival, headers, error) }
        })?;
        // The token of a session is no key.
        let is_key = matches!(known.identity.credential, CredentialId::DeviceKey(_));
        if is_key { known } else { return Err(no_key()) }
    } else {
        if !named.contains(&true)
            && (headers.contains_key(header::AUTHORIZATION) || parameters.has("jwt"))
        {
            let message = "use apiKey, or u with p, or u with t and s";
            return Err(Failure::new(Failure::UNKNOWN_MECHANISM, message));
        }
        let username = parameters.required("u")?;
        let proof = proof(parameters)?;
        let known = edge.mirror.identify_device(username, proof, arrival, origin).await;
        known.map_err(|error| failure(edge, arrival, headers, error))?
    };
    Ok(Who { context: arrival.context(known.caller.clone()), known: Some(known) })
}

fn proof(parameters: &Parameters) -> Result<DeviceProof, Failure> {
    let secret = |name| parameters.text(name).map(Secret::new);
    match (secret("p"), secret("t"), secret("s")) {
        (Some(password), None, None) => Ok(DeviceProof::Secret(plain("p", password.reveal())?)),
        (None, Some(token), Some(salt)) => Ok(DeviceProof::Salted { token, salt }),
        (Some(_), _, _) => Err(conflict("give either p, or t and s")),
        (None, Some(_), None) => Err(Failure::missing("s")),
        (None, None, Some(_)) => Err(Failure::missing("t")),
        (None, None, None) => Err(Failure::missing("p")),
    }
}

/// A password as it was typed: clients may send it as `enc:` and hexadecimal digits.
pub(super) fn plain(parameter: &str, sent: &str) -> Result<Secret, Failure> {
    let Some(digits) = sent.strip_prefix("enc:") else { return Ok(Secret::new(sent)) };
    let pairs = digits.as_bytes().chunks(2).map(|pair| {
        let [high, low] = pair else { return None };
        let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
        Some(digit(high)? << 4 | digit(low)?)
    });
    let bytes: Option<Vec<u8>> = pairs.collect();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    text.map(Secret::new)
        .ok_or_else(|| Failure::wrong(parameter, "after enc: must be UTF-8 in hexadecimal digits"))
}

fn conflict(message: &str) -> Failure {
    Failure::new(Failure::CONFLICTING_MECHANISMS, message)
}

fn failure(
    edge: &Edge,
    arrival: &Arrival,
    headers: &HeaderMap,
    error: CallError<AuthenticationError>,
) -> Failure {
    if error == CallError::Refused(AuthenticationError::DeviceKeyNeeded) {
        let message = AuthenticationError::DeviceKeyNeeded.to_string();
        let help_url = Some(format!("{}{}", own_address(edge, arrival, headers), app_key::PAGE));
        return Failure { help_url, ..Failure::new(Failure::NO_PASSWORDS, message) };
    }
    Problem::from(error).into()
}

/// Is the client's version of the API one that this server speaks? Without one it is.
pub(super) fn check_version(parameters: &Parameters) -> Result<(), Failure> {
    let Some(version) = parameters.text("v").filter(|version| !version.is_empty()) else {
        return Ok(());
    };
    let mut numbers = version.split('.').map(|part| number::<u32>("v", part));
    let (major, minor) =
        (numbers.next().transpose()?.unwrap_or(0), numbers.next().transpose()?.unwrap_or(0));
    let (own_major, own_minor) = VERSION_NUMBERS;
    if major < own_major {
        let message = format!("version {version} of the API is too old: upgrade the app");
        return Err(Failure::new(Failure::CLIENT_TOO_OLD, message));
    }
    if (major, minor) > (own_major, own_minor) {
        let message = format!("version {version} of the API is newer than this server");
        return Err(Failure::new(Failure::SERVER_TOO_OLD, message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_may_be_encoded() {
        let reveal = |sent| plain("p", sent).map(|secret| secret.reveal().to_owned());
        assert_eq!(reveal("sesame").unwrap(), "sesame");
        assert_eq!(reveal("enc:736573616d65").unwrap(), "sesame");
        assert_eq!(reveal("enc:C3A9").unwrap(), "é");
        assert_eq!(reveal("enc:").unwrap(), "");
        for wrong in ["enc:7", "enc:zz", "enc:ff", "enc:é"] {
            assert_eq!(reveal(wrong).unwrap_err().code, 10, "{wrong}");
        }
    }

    #[test]
    fn versions_are_compared() {
        let code = |version: &str| {
            let query = format!("v={version}");
            check_version(&Parameters::read(&query, b"")).map_err(|failure| failure.code)
        };
        for good in ["1.16.1", "1.8.0", "1.16", "1", "", "1.0.0"] {
            assert_eq!(code(good), Ok(()), "{good}");
        }
        assert_eq!(code("0.9"), Err(20));
        assert_eq!(code("1.17.0"), Err(30));
        assert_eq!(code("2.0"), Err(30));
        assert_eq!(code("x"), Err(10));
        assert_eq!(code("99999999999"), Err(10));
    }
}
