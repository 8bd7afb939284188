//! A table of any length: only the rows in view exist.
//!
//! It is one stop of the Tab key; arrow keys, Page Up and Down, Home and End move within it, Ctrl-C copies the cell,
//! Ctrl-Shift-C its row.

use super::table_state::{Pager, Row, TableState};
use crate::queries::{Layout, ROW_HEIGHT, column_widths, count, digits};
use crate::state::App;
use almanac_model::view::{ColumnView, TableView};
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;

thread_local! {
    static TABLES: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

/// A table.
#[component]
pub(crate) fn DataTable(
    /// Its heads and first rows.
    view: Arc<TableView>,
    /// What it is, for assistive technology.
    label: String,
    /// Asks for more rows; without it all rows are there and cannot be sorted.
    #[prop(optional, into)]
    pager: Option<Pager>,
    /// Told the order the reader chose.
    #[prop(optional, into)]
    sorted: Option<Callback<Option<almanac_model::protocol::SortBy>>>,
    /// Copies a text.
    #[prop(optional, into)]
    copy: Option<Callback<String>>,
) -> AnyView {
    let state = TableState::new(&view, App::get().paper.into(), pager);
    let number = TABLES.replace(TABLES.get() + 1);
    let scroller = NodeRef::<html::Div>::new();
    let columns = StoredValue::new(view.columns.clone());
    let widths = column_widths(&view);
    let total_width: f64 = widths.iter().sum();
    Effect::new(move |before: Option<Option<_>>| {
        let sort = state.sort.get();
        if before.is_some_and(|before| before != sort) {
            if let Some(sorted) = sorted {
                sorted.run(sort);
            }
            if let Some(scroller) = scroller.get_untracked() {
                scroller.set_scroll_top(0);
            }
        }
        sort
    });
    Effect::new(move || {
        // On paper nothing scrolls; back on the screen the element may be at its top.
        state.paper.track();
        if let Some(scroller) = scroller.get() {
            state.height.set(f64::from(scroller.client_height()) - ROW_HEIGHT);
            // The element may be that of the result before, which the reader has scrolled.
            state.scroll.set(f64::from(scroller.scroll_top()));
        }
    });
    let on_scroll = move |_| {
        if let Some(scroller) = scroller.get_untracked() {
            state.scroll.set(f64::from(scroller.scroll_top()));
            state.height.set(f64::from(scroller.client_height()) - ROW_HEIGHT);
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let column_count = columns.with_value(Vec::len);
        if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("c") {
            if let (Some(copy), Some((row, column))) = (copy, state.active.get_untracked()) {
                let text = if event.shift_key() {
                    (0..column_count)
                        .map(|column| state.text(row, column).unwrap_or_default())
                        .collect::<Vec<_>>()
                        .join("\t")
                } else {
                    state.text(row, column).unwrap_or_default()
                };
                event.prevent_default();
                copy.run(text);
            }
            return;
        }
        let page = (state.height.get_untracked() / ROW_HEIGHT).max(1.0) as u64;
        if let Some(next) = moved(
            state.active.get_untracked(),
            &event.key(),
            event.ctrl_key() || event.meta_key(),
            page,
            state.total,
            column_count,
        ) {
            event.prevent_default();
            state.active.set(Some(next));
            if let Some(scroller) = scroller.get_untracked() {
                reveal(&scroller, state, next.0);
            }
        }
    };
    let heads = view.columns.iter().enumerate().map(|(index, column)| head(state, index, column)).collect_view();
    let cols = widths
        .iter()
        .map(|width| {
            let width = format!("{width:.0}px");
            view! { <col style:width=width /> }
        })
        .collect_view();
    let visible = state.total.min(12);
    #[expect(clippy::cast_precision_loss, reason = "at most 12")]
    let view_height = format!("{}px", (visible as f64 + 1.0) * ROW_HEIGHT + 18.0);
    view! {
        <div
            class="table-scroll"
            node_ref=scroller
            tabindex="0"
            role="grid"
            aria-label=label
            aria-rowcount=(state.total + 1).to_string()
            aria-colcount=view.columns.len().to_string()
            aria-activedescendant=move || state.active.get().map(|(row, column)| cell_id(number, row, column))
            style:max-height=view_height
            on:scroll=on_scroll
            on:keydown=on_key
            on:focus=move |_| {
                if state.active.get_untracked().is_none() && state.total > 0 {
                    state.active.set(Some((0, 0)));
                }
            }
        >
            <table role="presentation" style:width=format!("{total_width:.0}px")>
                <colgroup>{cols}</colgroup>
                <thead role="rowgroup"><tr role="row" aria-rowindex="1">{heads}</tr></thead>
                <tbody role="rowgroup">
                    <tr class="pad" role="presentation" aria-hidden="true"><td style:height=move || format!("{:.1}px", state.window.get().above)></td></tr>
                    {move || {
                        state.rows().into_iter().map(|(index, cells)| row(state, number, index, cells, columns)).collect_view()
                    }}
                    <tr class="pad" role="presentation" aria-hidden="true"><td style:height=move || format!("{:.1}px", state.window.get().below)></td></tr>
                </tbody>
            </table>
            {move || state.cut().map(|rows| view! { <p class="table-cut">{format!("The first {} of {}", digits(rows), count(state.total, "row", "rows"))}</p> })}
            {(state.total == 0).then(|| view! { <p class="table-empty">"No rows"</p> })}
            <Show when=move || state.gone.get()><p class="table-gone" role="alert">"These rows are no longer in memory. Run the cell again to see them."</p></Show>
        </div>
    }
    .into_any()
}

fn cell_id(table: u32, row: u64, column: usize) -> String {
    format!("t{table}-{row}-{column}")
}

fn head(state: TableState, index: usize, column: &ColumnView) -> AnyView {
    let name = column.name.clone();
    let number = column.ty.is_numeric();
    let at = u32::try_from(index).unwrap_or(u32::MAX);
    let direction = move || state.sort.get().filter(|sort| sort.column == at).map(|sort| sort.descending);
    let aria = move || match direction() {
        Some(false) => "ascending",
        Some(true) => "descending",
        None => "none",
    };
    let mark = move || match direction() {
        Some(false) => "↑",
        Some(true) => "↓",
        None => "",
    };
    let ty = column.ty.to_string();
    if state.sortable() {
        view! {
            <th role="columnheader" scope="col" class:number=number aria-sort=aria title=ty>
                <button type="button" tabindex="-1" on:click=move |_| state.turn(at)><span class="head-name">{name}</span><span class="sort-mark" aria-hidden="true">{mark}</span></button>
            </th>
        }
        .into_any()
    } else {
        view! { <th role="columnheader" scope="col" class:number=number title=ty><span class="head-name">{name}</span></th> }.into_any()
    }
}

fn row(state: TableState, table: u32, index: u64, cells: Row, columns: StoredValue<Vec<ColumnView>>) -> AnyView {
    let arrived = cells.is_some();
    let cells = cells.unwrap_or_default();
    let cell = |(column, number): (usize, bool)| {
        let text = cells.get(column).cloned();
        let class = match &text {
            None => "unread",
            Some(None) if number => "null number",
            Some(None) => "null",
            Some(Some(_)) if number => "number",
            Some(Some(_)) => "",
        };
        let text = text.map(|text| text.unwrap_or_else(|| "NULL".to_owned()));
        view! {
            <td role="gridcell" id=cell_id(table, index, column) class=class class:active=move || state.active.get() == Some((index, column)) on:click=move |_| state.active.set(Some((index, column)))>{text}</td>
        }
    };
    let shape: Vec<(usize, bool)> =
        columns.with_value(|columns| columns.iter().map(|column| column.ty.is_numeric()).enumerate().collect());
    view! { <tr role="row" aria-rowindex=(index + 2).to_string() aria-busy=(!arrived).then_some("true")>{shape.into_iter().map(cell).collect_view()}</tr> }.into_any()
}

/// The cell a key leads to.
fn moved(
    from: Option<(u64, usize)>,
    key: &str,
    control: bool,
    page: u64,
    rows: u64,
    columns: usize,
) -> Option<(u64, usize)> {
    let (last_row, last_column) = (rows.checked_sub(1)?, columns.checked_sub(1)?);
    let (row, column) = from.unwrap_or((0, 0));
    let next = match key {
        "ArrowDown" => (row + 1, column),
        "ArrowUp" => (row.saturating_sub(1), column),
        "ArrowRight" => (row, column + 1),
        "ArrowLeft" => (row, column.saturating_sub(1)),
        "PageDown" => (row + page, column),
        "PageUp" => (row.saturating_sub(page), column),
        "Home" if control => (0, 0),
        "End" if control => (last_row, last_column),
        "Home" => (row, 0),
        "End" => (row, last_column),
        _ => return None,
    };
    Some((next.0.min(last_row), next.1.min(last_column)))
}

/// Scrolls until a row is in view.
fn reveal(scroller: &web_sys::HtmlElement, state: TableState, row: u64) {
    let layout = Layout::new(state.total, state.height.get_untracked());
    let place = layout.scroll_to(row);
    let top = f64::from(scroller.scroll_top());
    let last = layout.scroll_to(row.saturating_sub((state.height.get_untracked() / ROW_HEIGHT) as u64 - 1));
    let wanted = if place < top {
        place
    } else if last > top {
        last
    } else {
        return;
    };
    #[expect(clippy::cast_possible_truncation, reason = "a scroll position is below the tallest content")]
    scroller.set_scroll_top(wanted as i32);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_within_the_table() {
        assert_eq!(moved(None, "ArrowDown", false, 10, 3, 2), Some((1, 0)));
        assert_eq!(moved(Some((2, 1)), "ArrowDown", false, 10, 3, 2), Some((2, 1)));
        assert_eq!(moved(Some((2, 1)), "ArrowRight", false, 10, 3, 2), Some((2, 1)));
        assert_eq!(moved(Some((0, 0)), "PageDown", false, 10, 1_000_000, 2), Some((10, 0)));
        assert_eq!(moved(Some((5, 1)), "End", true, 10, 1_000_000, 2), Some((999_999, 1)));
        assert_eq!(moved(None, "ArrowDown", false, 10, 0, 2), None);
        assert_eq!(moved(None, "a", false, 10, 3, 2), None);
    }
}
