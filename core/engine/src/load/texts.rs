//! Texts of a column while it is filled: views of 16 bytes, and the bytes of those that are longer than twelve.

use std::ops::Range;

use polars_arrow::array::{Utf8ViewArray, View};
use polars_arrow::bitmap::Bitmap;
use polars_arrow::buffer::Buffer;

use super::convert;
use super::decode::Flaw;

/// Texts in the order they came.
pub(super) struct Texts {
    views: Vec<View>,
    buffers: Vec<Buffer<u8>>,
    /// Bytes of the buffers.
    bytes: u64,
    /// Buffers of the row group that is being decoded, by place in memory: its pages share their dictionary.
    recent: Vec<(*const u8, usize, u32)>,
}

impl Texts {
    /// No texts; their views are going to be in `views`.
    pub(super) fn new(views: Vec<View>) -> Self {
        Self { views, buffers: Vec::new(), bytes: 0, recent: Vec::new() }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.views.len()
    }

    /// Bytes of those that are longer than their views.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Their views, which others of the same buffers may be added to.
    pub(super) fn views_mut(&mut self) -> &mut Vec<View> {
        &mut self.views
    }

    /// Adds texts by where they lie in `area`.
    ///
    /// # Errors
    /// When one is not UTF-8; no memory.
    pub(super) fn add(&mut self, area: &[u8], spans: &[(u32, u32)]) -> Result<(), Flaw> {
        let long: usize =
            spans.iter().map(|(_, length)| if *length > View::MAX_INLINE_SIZE { *length as usize } else { 0 }).sum();
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(long).map_err(|_| Flaw::NoMemory(long))?;
        self.views.try_reserve(spans.len()).map_err(|_| Flaw::NoMemory(spans.len() * size_of::<View>()))?;
        let place = self.buffers.len() as u32;
        // Most columns are of ASCII alone, lengths between the texts included, and one look tells.
        let ascii = area.is_ascii();
        for (start, length) in spans {
            let text = &area[*start as usize..*start as usize + *length as usize];
            if !ascii && std::str::from_utf8(text).is_err() {
                return Err(Flaw::Damaged("a text is not UTF-8".to_owned()));
            }
            self.views.push(View::new_from_bytes(text, place, bytes.len() as u32));
            if *length > View::MAX_INLINE_SIZE {
                bytes.extend_from_slice(text);
            }
        }
        if long > 0 {
            self.bytes += long as u64;
            self.buffers.push(Buffer::from(bytes));
        }
        Ok(())
    }

    /// The views of these texts, a dictionary's, as they are among those of `other`.
    pub(super) fn views_for(&mut self, other: &mut Self) -> &[View] {
        for at in 0..self.buffers.len() {
            let place = other.place(&self.buffers[at]);
            // A dictionary is one page, so it has one buffer.
            if self.views.iter().any(|view| view.length > View::MAX_INLINE_SIZE && view.buffer_idx != place) {
                for view in self.views.iter_mut().filter(|view| view.length > View::MAX_INLINE_SIZE) {
                    view.buffer_idx = place;
                }
            }
        }
        &self.views
    }

    /// Adds parts of others.
    pub(super) fn take(&mut self, other: &Self, ranges: &[Range<usize>]) {
        let places: Vec<u32> = other.buffers.iter().map(|buffer| self.place(buffer)).collect();
        for view in ranges.iter().flat_map(|range| &other.views[range.clone()]) {
            let mut view = *view;
            if view.length > View::MAX_INLINE_SIZE {
                view.buffer_idx = places.get(view.buffer_idx as usize).copied().unwrap_or_default();
            }
            self.views.push(view);
        }
    }

    /// Where a buffer is among all; one that an earlier page of the row group brought is there already.
    fn place(&mut self, buffer: &Buffer<u8>) -> u32 {
        let key = (buffer.as_slice().as_ptr(), buffer.len());
        if let Some((_, _, place)) = self.recent.iter().find(|(start, len, _)| (*start, *len) == key) {
            return *place;
        }
        let place = self.buffers.len() as u32;
        self.bytes += buffer.len() as u64;
        self.buffers.push(buffer.clone());
        self.recent.push((key.0, key.1, place));
        place
    }

    /// The next texts are of another row group.
    pub(super) fn next_group(&mut self) {
        self.recent.clear();
    }

    /// Adds `count` times the same text.
    pub(super) fn push_constant(&mut self, text: &str, count: usize) {
        let place = self.buffers.len() as u32;
        if text.len() > View::MAX_INLINE_SIZE as usize {
            self.bytes += text.len() as u64;
            self.buffers.push(Buffer::from(text.as_bytes().to_vec()));
        }
        let view = View::new_from_bytes(text.as_bytes(), place, 0);
        self.views.resize(self.views.len() + count, view);
    }

    /// The array of them.
    pub(super) fn finish(self, valid: Option<Bitmap>) -> Utf8ViewArray {
        convert::texts_of_views(self.views, self.buffers, valid)
    }
}
