//! What a client says, in the address and in a form.

use std::str::FromStr;

use hexachord_contracts::ids::{EpisodeId, NotAnId, TrackId};

use super::failure::Failure;

/// Of one call: a playlist of as many songs as fit into a body, and the rest.
const MOST: usize = 26_000;

/// Are there few enough to be read?
pub(super) fn check_count(query: &str, form: &[u8]) -> Result<(), Failure> {
    let parted = [query.as_bytes(), form].map(|text| text.split(|byte| *byte == b'&').count());
    if parted.iter().sum::<usize>() <= MOST {
        return Ok(());
    }
    Err(Failure::new(Failure::PARAMETER, format!("more than {MOST} parameters")))
}

/// Names and values in their order; a name may come again.
#[derive(Debug, Default)]
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Bytes that are no UTF-8 become U+FFFD.
    pub(super) fn read(query: &str, form: &[u8]) -> Self {
        let pairs = [query.as_bytes(), form].into_iter().flat_map(form_urlencoded::parse);
        Self(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// The first value of a name.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Every value of a name.
    pub(super) fn all<'p>(&'p self, name: &str) -> impl Iterator<Item = &'p str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.text(name).is_some()
    }

    pub(super) fn required(&self, name: &str) -> Result<&str, Failure> {
        let text = self.text(name).filter(|text| !text.is_empty());
        text.ok_or_else(|| Failure::missing(name))
    }

    /// A number, if one is given.
    pub(super) fn number<N: FromStr>(&self, name: &str) -> Result<Option<N>, Failure> {
        let Some(text) = self.text(name).filter(|text| !text.is_empty()) else { return Ok(None) };
        number(name, text).map(Some)
    }

    /// How many are wanted: at most `most`, `usual` where nobody says.
    pub(super) fn count(&self, name: &str, usual: u32, most: u32) -> Result<u32, Failure> {
        Ok(self.number(name)?.unwrap_or(usual).min(most))
    }

    /// `true` and `false`, and what clients write instead.
    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, Failure> {
        match self.text(name).map(str::to_ascii_lowercase).as_deref() {
            None | Some("") => Ok(None),
            Some("true" | "1" | "on" | "yes") => Ok(Some(true)),
            Some("false" | "0" | "off" | "no") => Ok(Some(false)),
            Some(_) => Err(Failure::wrong(name, "must be true or false")),
        }
    }

    /// The id that must be there. Text that is none is nobody's id.
    pub(super) fn id<T: FromStr<Err = NotAnId>>(&self, name: &str) -> Result<T, Failure> {
        id(self.required(name)?)
    }

    /// All ids of a name.
    pub(super) fn ids<T: FromStr<Err = NotAnId>>(&self, name: &str) -> Result<Vec<T>, Failure> {
        self.all(name).filter(|text| !text.is_empty()).map(id).collect()
    }

    /// All ids of songs of a name. Episodes of podcasts, which may stand beside them, keep their places.
    pub(super) fn songs(&self, name: &str) -> Result<Vec<Option<TrackId>>, Failure> {
        let song = |text: &str| match text.parse::<EpisodeId>() {
            Ok(_episode) => Ok(None),
            Err(_of_something_else) => id(text).map(Some),
        };
        self.all(name).filter(|text| !text.is_empty()).map(song).collect()
    }
}

pub(super) fn number<N: FromStr>(name: &str, text: &str) -> Result<N, Failure> {
    let not_one = |_| Failure::wrong(name, "must be a number that is not too large or too small");
    text.trim().parse().map_err(not_one)
}

pub(super) fn id<T: FromStr<Err = NotAnId>>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|error: NotAnId| Failure::new(Failure::NOT_FOUND, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_have_an_end() {
        let many = "a&".repeat(MOST - 2);
        assert_eq!(check_count(&many, b""), Ok(()));
        assert_eq!(check_count(&many, b"a&b&c").unwrap_err().code, 10);
        assert_eq!(check_count(&"&".repeat(1_000_000), b"").unwrap_err().code, 10);
    }

    #[test]
    fn address_and_form_are_one() {
        let parameters = Parameters::read("id=a&query=%22%22&x=%FF&b", b"id=b+c&size=-1&big=9e999");
        assert_eq!(parameters.all("id").collect::<Vec<_>>(), ["a", "b c"]);
        assert_eq!(parameters.text("query"), Some("\"\""));
        assert_eq!(parameters.text("x"), Some("\u{fffd}"));
        assert_eq!(parameters.text("b"), Some(""));
        assert_eq!(parameters.required("b").unwrap_err(), Failure::missing("b"));
        assert_eq!(parameters.number::<u32>("b"), Ok(None));
        assert_eq!(parameters.number::<i32>("size"), Ok(Some(-1)));
        for (name, text) in [("size", "-1"), ("big", "9e999"), ("x", "\u{fffd}")] {
            assert_eq!(parameters.number::<u32>(name).unwrap_err().code, 10, "{text}");
        }
    }
}
