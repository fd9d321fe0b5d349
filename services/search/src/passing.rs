//! Questions about numbers, asked of a document.

use hexachord_contracts::ids::LibraryId;
use tantivy::DocId;

use crate::{
    boosts::item_kind,
    query::{Test, Tested},
    segment::Segment,
    taste::{Account, Own},
};

impl Test {
    /// What a document does not tell is in no range.
    pub(crate) fn passes(
        &self,
        segment: &Segment,
        document: DocId,
        kind: u8,
        own: &Account,
    ) -> bool {
        let own = || {
            let id = segment.id.get_val(document);
            item_kind(kind).map_or_else(Own::default, |kind| own.of(kind, id))
        };
        let passes = match &self.of {
            Tested::Number(number, range) => {
                segment.number(*number, document).is_some_and(|number| range.contains(&number))
            }
            Tested::Loved => own().is_loved(),
            Tested::Rating(range) => range.contains(&own().rating().into()),
            Tested::Plays(range) => range.contains(&own().plays().into()),
            Tested::Libraries(libraries) => {
                libraries.contains(&LibraryId(segment.library.get_val(document)))
            }
        };
        passes != self.negated
    }
}
