//! What an account thinks of items that a page shows.

use hexachord_contracts::{
    Context,
    profile::{Annotation, GetAnnotations},
};

use crate::{
    errors::Refusable,
    page::at_most_a_page,
    service::Profile,
    store::{ANNOTATIONS, AnnotationRow, Projection, kind_number, record},
    viewer::Listener,
};

impl Profile {
    pub(crate) async fn get_annotations(
        &self,
        call: GetAnnotations,
        context: Context,
    ) -> Refusable<Vec<Annotation>> {
        let Listener { account, access } = Listener::of(&context)?;
        at_most_a_page("items", call.items.len())?;
        self.read(move |read| {
            let projection = Projection::open(read, access)?;
            let annotations = read.open_table(ANNOTATIONS)?;
            let of_items = call.items.into_iter().map(|item| {
                let key = (account.0, kind_number(item.kind()), item.number());
                let row: Option<AnnotationRow> = record(&annotations, &key)?;
                let Some(row) = row else { return Ok(Annotation::none(item)) };
                let seen = projection.sees(item)?;
                Ok(if seen { row.annotation(item) } else { Annotation::none(item) })
            });
            of_items.collect::<Result<_, _>>().map(Ok)
        })
        .await
    }
}
