//! Which parts of texts a query matches, for whoever shows them.

use hexachord_contracts::{
    Caller, Context,
    search::{Mark, SearchError, Span},
};

use crate::{
    error::{IndexError, invalid},
    marks::Marker,
    service::Search,
};

impl Search {
    pub(crate) async fn mark(
        &self,
        call: Mark,
        context: Context,
    ) -> Result<Vec<Vec<Span>>, SearchError> {
        if context.caller == Caller::Anonymous {
            return Err(SearchError::Forbidden);
        }
        if call.texts.len() > Mark::MOST {
            return Err(invalid("texts", format!("give at most {}", Mark::MOST)));
        }
        let query = self.understood(&call.query, &context).await?;
        let marker = Marker::new(&query);
        let texts = call.texts;
        self.search(move |_| Ok::<_, IndexError>(marker.mark_all(&texts))).await
    }
}
