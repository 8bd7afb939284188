//! The life of the worker as a state machine without a browser: `Starting → Idle → Running → Dead → Starting`.

/// Where the worker is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The module loads, or the manifest is read.
    Starting,
    /// It waits for work.
    Idle,
    /// A notebook is being answered.
    Running,
    /// It was ended, and no other has begun yet.
    Dead,
}

/// Why a worker ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The reader pressed Stop.
    Stopped,
    /// It gave no sign of life for so many seconds.
    Deadline(u32),
    /// A trap, a panic, no memory, or a file that could not be loaded.
    Crashed(String),
}

impl Cause {
    /// A sentence for the reader.
    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::Stopped => "Stopped. The engine was restarted.".to_owned(),
            Self::Deadline(seconds) => {
                format!("No answer within {seconds} seconds, so the query was stopped and the engine restarted.")
            }
            Self::Crashed(why) if why.is_empty() => "The engine stopped unexpectedly and was restarted.".to_owned(),
            Self::Crashed(why) => format!("The engine stopped unexpectedly and was restarted: {why}"),
        }
    }
}

/// Crashes in a row after which a new worker has to wait.
const PATIENCE: u32 = 3;
/// Longest wait before a new worker, in milliseconds.
const LONGEST_WAIT: u32 = 30_000;

/// The life so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lifecycle {
    phase: Phase,
    crashes: u32,
}

impl Default for Lifecycle {
    fn default() -> Self {
        Self { phase: Phase::Dead, crashes: 0 }
    }
}

impl Lifecycle {
    /// Where the worker is.
    pub(crate) fn phase(self) -> Phase {
        self.phase
    }

    /// A worker was made.
    pub(crate) fn born(&mut self) {
        self.phase = Phase::Starting;
    }

    /// It has said it is ready.
    pub(crate) fn ready(&mut self) {
        if self.phase == Phase::Starting {
            self.phase = Phase::Idle;
        }
    }

    /// A notebook was sent to it.
    pub(crate) fn sent(&mut self) {
        if self.phase == Phase::Idle {
            self.phase = Phase::Running;
        }
    }

    /// Every cell of the newest run is answered: whatever crashed before is over.
    pub(crate) fn finished(&mut self) {
        if self.phase == Phase::Running {
            self.phase = Phase::Idle;
        }
        self.crashes = 0;
    }

    /// It ended; returns the milliseconds to wait before the next is made.
    pub(crate) fn died(&mut self, cause: &Cause) -> u32 {
        self.phase = Phase::Dead;
        if !matches!(cause, Cause::Crashed(_)) {
            return 0;
        }
        self.crashes += 1;
        if self.crashes < PATIENCE { 0 } else { (1_000 << (self.crashes - PATIENCE).min(5)).min(LONGEST_WAIT) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_runs_its_course() {
        let mut life = Lifecycle::default();
        life.born();
        life.sent();
        assert_eq!(life.phase(), Phase::Starting, "nothing runs before the worker is ready");
        life.ready();
        life.sent();
        assert_eq!(life.phase(), Phase::Running);
        life.finished();
        assert_eq!(life.phase(), Phase::Idle);
    }

    #[test]
    fn three_crashes_in_a_row_make_the_page_wait() {
        let crash = Cause::Crashed(String::new());
        let mut life = Lifecycle::default();
        assert_eq!([life.died(&crash), life.died(&crash)], [0, 0]);
        assert_eq!([life.died(&crash), life.died(&crash), life.died(&crash)], [1_000, 2_000, 4_000]);
        assert_eq!((0..40).map(|_| life.died(&crash)).max(), Some(30_000));
        life.finished();
        assert_eq!(life.died(&crash), 0);
    }

    #[test]
    fn stopping_is_no_crash() {
        let mut life = Lifecycle::default();
        for _ in 0..10 {
            assert_eq!(life.died(&Cause::Stopped), 0);
            assert_eq!(life.died(&Cause::Deadline(60)), 0);
        }
        assert_eq!(life.crashes, 0);
    }
}
