//! From the text of a query to what it means for this caller.

use hexachord_contracts::{
    CallError, Caller, Context, Timestamp,
    catalog::{Library, ListLibraries},
    ids::LibraryId,
    search::{Find, SearchError},
};

use crate::{
    error::invalid,
    query::{LibraryName, ParseError, Query, Test, Tested, parse},
    service::Search,
    text::{Asked, whole},
};

/// Ages are counted from a full minute: so the same query is the same question for a while.
const MINUTE_MS: i64 = 60_000;

/// A query without a language: all of it is words.
pub(crate) fn plain_words(text: &str) -> Result<Query, SearchError> {
    check_length(text)?;
    Ok(Query::plain(Asked::new(text)))
}

fn check_length(text: &str) -> Result<(), SearchError> {
    if text.len() > Find::LONGEST {
        let reason = format!("is longer than {} bytes: use fewer words", Find::LONGEST);
        return Err(invalid("query", reason));
    }
    Ok(())
}

impl Search {
    pub(crate) async fn understood(
        &self,
        text: &str,
        context: &Context,
    ) -> Result<Query, SearchError> {
        check_length(text)?;
        let now = self.shared.clock.now();
        let minute = now.as_millis() - now.as_millis().rem_euclid(MINUTE_MS);
        let query = parse(text, Timestamp::from_millis(minute));
        let refused = |ParseError { at, reason }| SearchError::Query { at, reason };
        let mut query = query.map_err(refused)?;
        if query.is_personal() {
            self.may_ask_for_taste(context)?;
        }
        if !query.libraries.is_empty() {
            self.resolve_libraries(&mut query, context).await?;
        }
        Ok(query)
    }

    fn may_ask_for_taste(&self, context: &Context) -> Result<(), SearchError> {
        if context.caller == Caller::System {
            let reason = "only an account loves, rates and plays: ask as one".to_owned();
            return Err(SearchError::Query { at: 1, reason });
        }
        match self.shared.taste.cursor() {
            Some(_) => Ok(()),
            None => Err(SearchError::NotReady("what is loved, rated and played".to_owned())),
        }
    }

    /// By id or by name, of those that the caller may see.
    async fn resolve_libraries(
        &self,
        query: &mut Query,
        context: &Context,
    ) -> Result<(), SearchError> {
        let mut known: Option<Vec<Library>> = None;
        for LibraryName { at, name, negated } in std::mem::take(&mut query.libraries) {
            let libraries = if let Ok(id) = name.parse::<LibraryId>() {
                vec![id]
            } else {
                let libraries = match known.take() {
                    Some(known) => known,
                    None => self.libraries(context).await?,
                };
                let wanted = whole(&name);
                let is_it = |library: &&Library| whole(&library.name).letters == wanted.letters;
                let found = libraries.iter().filter(is_it).map(|library| library.id).collect();
                known = Some(libraries);
                found
            };
            if libraries.is_empty() {
                let names = known.iter().flatten().map(|library| format!("\"{}\"", library.name));
                let names = names.collect::<Vec<_>>().join(", ");
                let reason = format!("library: none is called so; there are: {names}");
                return Err(SearchError::Query { at, reason });
            }
            query.tests.push(Test { of: Tested::Libraries(libraries), negated });
        }
        Ok(())
    }

    async fn libraries(&self, context: &Context) -> Result<Vec<Library>, SearchError> {
        let libraries = self.catalog.call(context, ListLibraries {}).await;
        libraries.map_err(|error: CallError<_>| {
            tracing::debug!(%error, "the catalog does not tell its libraries");
            SearchError::NotReady("the names of libraries".to_owned())
        })
    }
}
