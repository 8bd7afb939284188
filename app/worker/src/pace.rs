//! How fast the server answers: ranges that are closer than what comes in the time of a round trip are asked for together.

use std::cell::Cell;

/// Taken for granted until something was measured: 100 Mbit/s and 20 ms.
const USUAL: f64 = 256.0 * 1024.0;
const LEAST: f64 = 64.0 * 1024.0;
const MOST: f64 = 1024.0 * 1024.0;
/// Answers of fewer bytes say little of the bandwidth.
const TELLING: u64 = 128 << 10;
/// How much one measurement counts beside those before it.
const NEWEST: f64 = 0.2;

/// Measurements so far.
#[derive(Default)]
pub(crate) struct Pace {
    /// Milliseconds to the first byte.
    wait: Cell<Option<f64>>,
    /// Bytes a millisecond.
    speed: Cell<Option<f64>>,
}

impl Pace {
    /// The head of an answer came after so many milliseconds.
    pub(crate) fn answered(&self, millis: f64) {
        mix(&self.wait, millis);
    }

    /// The body of an answer took so many milliseconds.
    pub(crate) fn came(&self, bytes: u64, millis: f64) {
        if bytes >= TELLING {
            mix(&self.speed, bytes as f64 / millis.max(0.1));
        }
    }

    /// Bytes between two ranges below which one request is cheaper than two.
    pub(crate) fn gap(&self) -> u64 {
        let measured = self.wait.get().zip(self.speed.get()).map(|(wait, speed)| wait * speed);
        measured.unwrap_or(USUAL).clamp(LEAST, MOST) as u64
    }
}

fn mix(held: &Cell<Option<f64>>, new: f64) {
    held.set(Some(held.get().map_or(new, |old| old + NEWEST * (new - old))));
}
