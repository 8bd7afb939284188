//! Which rows of a long table are in view, and where they stand.
//!
//! Browsers cap the height of an element (Firefox at about 17.8 million pixels), so a table that would be taller is scrolled
//! in proportion: a pixel of the scroll bar then stands for more than a pixel of rows.

/// Height of a row in pixels, as in `table.css`.
pub(crate) const ROW_HEIGHT: f64 = 32.0;
/// Tallest scrolled content in pixels.
const TALLEST: f64 = 12_000_000.0;
/// Rows made beyond each edge of the view, so that scrolling does not show gaps.
const MARGIN: u64 = 8;

/// A table's scroll geometry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Layout {
    rows: u64,
    view: f64,
}

/// The rows to make, and the space above and below them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Window {
    /// First row.
    pub(crate) first: u64,
    /// One past the last row.
    pub(crate) end: u64,
    /// Pixels above.
    pub(crate) above: f64,
    /// Pixels below.
    pub(crate) below: f64,
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "row numbers are far below 2^53, and negative values are cut off before"
)]
impl Layout {
    /// Of so many rows, seen through so many pixels.
    pub(crate) fn new(rows: u64, view: f64) -> Self {
        Self { rows, view: view.max(ROW_HEIGHT) }
    }

    fn full(self) -> f64 {
        self.rows as f64 * ROW_HEIGHT
    }

    /// Height of the scrolled content in pixels.
    pub(crate) fn height(self) -> f64 {
        self.full().min(TALLEST)
    }

    /// Pixels of rows that a pixel of scrolling stands for.
    fn scale(self) -> f64 {
        let (full, height) = (self.full() - self.view, self.height() - self.view);
        if height <= 0.0 || full <= height { 1.0 } else { full / height }
    }

    /// The rows to make at a scroll position.
    pub(crate) fn window(self, scroll: f64) -> Window {
        let scroll = scroll.clamp(0.0, (self.height() - self.view).max(0.0));
        let top = scroll * self.scale();
        let first = ((top / ROW_HEIGHT) as u64).saturating_sub(MARGIN).min(self.rows);
        let end = (((top + self.view) / ROW_HEIGHT).ceil() as u64 + MARGIN).min(self.rows);
        // The rows stand where the scroll bar is, however many pixels the ones above would take.
        let above = (scroll - (top - first as f64 * ROW_HEIGHT)).max(0.0);
        let below = (self.height() - above - (end - first) as f64 * ROW_HEIGHT).max(0.0);
        Window { first, end, above, below }
    }

    /// The scroll position that brings a row to the top, or as near as it gets.
    pub(crate) fn scroll_to(self, row: u64) -> f64 {
        (row as f64 * ROW_HEIGHT / self.scale()).min((self.height() - self.view).max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_table_scrolls_as_it_is() {
        let layout = Layout::new(1_000, 320.0);
        assert_eq!(layout.height(), 32_000.0);
        let window = layout.window(6_400.0);
        assert_eq!((window.first, window.end), (192, 218));
        assert_eq!(window.above, 192.0 * ROW_HEIGHT);
        assert_eq!(window.above + 26.0 * ROW_HEIGHT + window.below, layout.height());
    }

    #[test]
    fn every_row_of_a_long_table_can_be_reached() {
        for rows in [1, 9, 374_999, 375_001, 1_000_000, 20_000_000] {
            let layout = Layout::new(rows, 352.0);
            assert!(layout.height() <= TALLEST);
            assert_eq!(layout.window(0.0).first, 0);
            assert_eq!(layout.window(f64::MAX).end, rows);
            let middle = rows / 2;
            let window = layout.window(layout.scroll_to(middle));
            assert!((window.first..window.end).contains(&middle), "{rows}");
        }
    }

    #[test]
    fn rows_in_view_cover_the_view() {
        let layout = Layout::new(3_000_000, 352.0);
        let mut scroll = 0.0;
        while scroll < layout.height() - 352.0 {
            let window = layout.window(scroll);
            let bottom = window.above + (window.end - window.first) as f64 * ROW_HEIGHT;
            assert!(window.above <= scroll + 0.01 && bottom >= scroll + 351.9, "{scroll}: {window:?}");
            scroll += 77_777.7;
        }
    }
}
