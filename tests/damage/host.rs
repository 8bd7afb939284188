//! A published file that is longer than it is: zeros lie between its data and its footer, so that it is read by ranges, however
//! small it was.

use almanac_engine::{Host, HostError};
use almanac_model::manifest::{Field, File, Manifest, Resource, Schema};
use almanac_tests::damage::{Good, file::footer_start};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use std::future::{Future, ready};
use std::ops::Range;

/// Files up to a megabyte are read whole.
const GAP: usize = 2 << 20;

/// The one file of a site.
pub(crate) struct Published {
    bytes: Bytes,
    /// Where the gap lies.
    split: usize,
    gap: usize,
}

impl Published {
    /// A file with a gap before its footer.
    pub(crate) fn with_gap(bytes: Bytes, split: usize) -> Self {
        Self { split: split.min(bytes.len()), bytes, gap: GAP }
    }

    /// A file as it is.
    pub(crate) fn whole(bytes: Bytes) -> Self {
        Self { split: 0, bytes, gap: 0 }
    }

    fn cut(&self, range: Range<u64>) -> Result<Bytes, HostError> {
        let len = (self.bytes.len() + self.gap) as u64;
        if range.end > len || range.start > range.end {
            return Err(HostError::TooShort { path: "t.parquet".into(), expected: range.end, actual: len });
        }
        let (start, end) = (range.start as usize, range.end as usize);
        let behind = self.split + self.gap;
        let part = |from: usize, to: usize| self.bytes.slice(from.min(to)..to);
        if end <= self.split {
            return Ok(part(start, end));
        }
        if start >= behind {
            return Ok(part(start - self.gap, end - self.gap));
        }
        let before = part(start.min(self.split), self.split);
        let zeros = vec![0; end.min(behind) - start.clamp(self.split, behind)];
        let after = part(self.split, end.max(behind) - self.gap);
        Ok([&before[..], &zeros, &after].concat().into())
    }
}

impl Host for Published {
    fn read(&self, _: &str, range: Range<u64>) -> impl Future<Output = Result<Bytes, HostError>> {
        ready(self.cut(range))
    }

    fn read_whole(&self, _: &str) -> impl Future<Output = Result<Bytes, HostError>> {
        ready(self.cut(0..(self.bytes.len() + self.gap) as u64))
    }
}

/// How a damaged file is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// The manifest has a copy of its footer.
    FooterAtHand,
    /// Its footer is read first.
    FooterAway,
    /// It is small and read whole; the manifest tells the hash of the good file.
    WithHash,
}

/// A site that publishes a damaged file as the table `t`, which was good when its manifest was written.
pub(crate) fn site(good: &Good, bytes: &Bytes, way: Way, hash: &str) -> (Manifest, Published) {
    // Where the good file's footer began; that of the damaged one, if that can be told.
    let split = footer_start(bytes).or(footer_start(&good.bytes)).unwrap_or(0).min(bytes.len());
    let gap = if way == Way::WithHash { 0 } else { GAP };
    let footer = bytes.get(split..bytes.len().saturating_sub(8)).filter(|_| way == Way::FooterAtHand);
    let file = File {
        path: "t.parquet".into(),
        bytes: (bytes.len() + gap) as u64,
        sha256: hash.to_owned(),
        rows: good.rows,
        footer_start: (split + gap) as u64,
        footer: footer.map(|footer| BASE64_STANDARD.encode(footer)),
        ..File::default()
    };
    let fields =
        good.columns.iter().map(|(name, ty)| Field { name: name.clone(), ty: *ty, nullable: true, ..Field::default() });
    let resource = Resource {
        name: "t".into(),
        format: "parquet".into(),
        rows: good.rows,
        schema: Schema { fields: fields.collect(), ..Schema::default() },
        files: vec![file],
        ..Resource::default()
    };
    let published = if gap == 0 { Published::whole(bytes.clone()) } else { Published::with_gap(bytes.clone(), split) };
    (Manifest { resources: vec![resource], ..Manifest::default() }, published)
}
