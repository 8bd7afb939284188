//! A long table's rows as they arrive, page by page, and where the reader is in it.

use crate::queries::{Layout, Window};
use almanac_model::protocol::SortBy;
use almanac_model::view::{Page, TableView};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

/// Rows asked for at once.
const BLOCK: u64 = 200;
/// Most rows on paper: a page and a half. The whole is there as CSV.
const PRINTED: u64 = 50;
/// Tallest view in pixels. An element may be as tall as all its rows, and so many cannot be made.
const TALLEST_VIEW: f64 = 4_000.0;
/// Pages kept; the ones farthest from the view go first.
const KEPT: usize = 40;

/// Asks for rows: offset, number, order.
pub(crate) type Pager = Rc<dyn Fn(u64, u32, Option<SortBy>) -> Pin<Box<dyn Future<Output = Option<Page>>>>>;

/// A row that may not have arrived yet.
pub(super) type Row = Option<Vec<Option<String>>>;

/// The state of one table.
#[derive(Clone, Copy)]
pub(super) struct TableState {
    /// The order the reader chose.
    pub(super) sort: RwSignal<Option<SortBy>>,
    /// Scroll position in pixels.
    pub(super) scroll: RwSignal<f64>,
    /// Height of the rows' part of the view in pixels.
    pub(super) height: RwSignal<f64>,
    /// The cell with the reader's focus: row and column.
    pub(super) active: RwSignal<Option<(u64, usize)>>,
    /// Whether the rows are no longer in the worker's memory.
    pub(super) gone: RwSignal<bool>,
    /// The rows to make.
    pub(super) window: Memo<Window>,
    /// Rows in all.
    pub(super) total: u64,
    /// Whether the table is laid out for paper.
    pub(super) paper: Signal<bool>,
    blocks: RwSignal<BTreeMap<u64, Arc<Page>>>,
    busy: StoredValue<bool>,
    pager: StoredValue<Option<Pager>, LocalStorage>,
}

impl TableState {
    /// The state of a table of which the first rows are there.
    pub(super) fn new(view: &TableView, paper: Signal<bool>, pager: Option<Pager>) -> Self {
        let total = view.total_rows;
        let (scroll, height) = (RwSignal::new(0.0), RwSignal::new(320.0));
        let state = Self {
            sort: RwSignal::new(None),
            scroll,
            height,
            active: RwSignal::new(None),
            gone: RwSignal::new(false),
            window: Memo::new(move |_| {
                if paper.get() {
                    return Window { first: 0, end: total.min(PRINTED), above: 0.0, below: 0.0 };
                }
                Layout::new(total, height.get().min(TALLEST_VIEW)).window(scroll.get())
            }),
            total,
            paper,
            blocks: RwSignal::new(BTreeMap::from([(0, Arc::new(view.page.clone()))])),
            busy: StoredValue::new(false),
            pager: StoredValue::new_local(pager),
        };
        Effect::new(move || {
            state.window.track();
            state.sort.track();
            state.fill();
        });
        state
    }

    /// Whether the reader can choose an order.
    pub(super) fn sortable(self) -> bool {
        self.pager.with_value(Option::is_some)
    }

    /// How many rows are on paper, when that is not all.
    pub(super) fn cut(self) -> Option<u64> {
        (self.paper.get() && self.total > PRINTED).then_some(PRINTED)
    }

    /// The rows of the window.
    pub(super) fn rows(self) -> Vec<(u64, Row)> {
        let window = self.window.get();
        self.blocks.with(|blocks| (window.first..window.end).map(|row| (row, row_of(blocks, row))).collect())
    }

    /// The text of a cell that has arrived.
    pub(super) fn text(self, row: u64, column: usize) -> Option<String> {
        self.blocks.with_untracked(|blocks| row_of(blocks, row)?.get(column)?.clone())
    }

    /// Next order of a column: ascending, descending, as computed.
    pub(super) fn turn(self, column: u32) {
        let next = match self.sort.get_untracked() {
            Some(sort) if sort.column == column && !sort.descending => Some(SortBy { column, descending: true }),
            Some(sort) if sort.column == column => None,
            _ => Some(SortBy { column, descending: false }),
        };
        self.blocks.update(BTreeMap::clear);
        self.sort.set(next);
    }

    /// Asks for the pages in view that are not there, one after another: the worker answers one question at a time, and the
    /// reader may have scrolled on meanwhile.
    fn fill(self) {
        let Some(pager) = self.pager.get_value() else { return };
        if self.busy.get_value() || self.gone.get_untracked() {
            return;
        }
        let Some(block) = self.missing() else { return };
        self.busy.set_value(true);
        let sort = self.sort.get_untracked();
        spawn_local(async move {
            let page = pager(block * BLOCK, BLOCK as u32, sort).await;
            if self.busy.try_set_value(false).is_some() {
                return;
            }
            if self.sort.get_untracked() == sort {
                match page {
                    Some(page) => self.keep(block, page),
                    None => self.gone.set(true),
                }
            }
            self.fill();
        });
    }

    fn missing(self) -> Option<u64> {
        let window = self.window.get_untracked();
        self.blocks.with_untracked(|blocks| {
            (window.first / BLOCK..=window.end.saturating_sub(1) / BLOCK).find(|block| {
                let wanted = BLOCK.min(self.total.saturating_sub(block * BLOCK));
                blocks.get(block).map_or(0, |page| page.rows.len() as u64) < wanted
            })
        })
    }

    fn keep(self, block: u64, page: Page) {
        self.blocks.update(|blocks| {
            blocks.insert(block, Arc::new(page));
            while blocks.len() > KEPT {
                let farthest = blocks.keys().copied().max_by_key(|other| other.abs_diff(block));
                farthest.and_then(|farthest| blocks.remove(&farthest));
            }
        });
    }
}

fn row_of(blocks: &BTreeMap<u64, Arc<Page>>, row: u64) -> Row {
    let page = blocks.get(&(row / BLOCK))?;
    page.rows.get(usize::try_from(row.checked_sub(page.offset)?).ok()?).cloned()
}
