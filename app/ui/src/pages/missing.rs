//! An address that leads nowhere.

use crate::components::PageHead;
use leptos::prelude::*;

/// Names the address and offers a way on.
#[component]
pub(crate) fn MissingPage(
    /// The address.
    address: String,
) -> AnyView {
    view! {
        <PageHead title="There is no such page".to_owned() description=String::new()>""</PageHead>
        <p>"The address "<code>{format!("#{address}")}</code>" leads nowhere. The notebook may have been renamed or removed."</p>
        <p><a href="#/">"See all notebooks"</a></p>
    }
    .into_any()
}
