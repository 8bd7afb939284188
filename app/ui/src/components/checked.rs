//! An expectation that holds, so that a reader sees that a number was checked, and against what.

use super::data_table::DataTable;
use crate::queries::count;
use almanac_model::view::CheckedView;
use leptos::prelude::*;
use std::sync::Arc;

/// The rows that were as expected, folded away.
#[component]
pub(crate) fn Checked(
    /// What was compared.
    checked: CheckedView,
) -> AnyView {
    let rows = count(checked.table.total_rows, "row", "rows");
    let label = format!("Checked rows of {}", checked.of);
    view! {
        <details class="checked">
            <summary><span class="checked-mark" aria-hidden="true">"✓"</span>"As expected: "<code>{checked.of}</code>", "{rows}</summary>
            <DataTable view=Arc::new(checked.table) label />
        </details>
    }
    .into_any()
}
