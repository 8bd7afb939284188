//! The console: one line per step with its time; a spinner with the last line of the running program on a terminal,
//! a line a minute elsewhere.

use crate::failure::Failure;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::cell::Cell;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// How a step ended.
pub(crate) enum Outcome {
    /// It was done now; what came out, for the reader.
    Done(String),
    /// It had been done before; what is there.
    Skipped(String),
}

impl Outcome {
    /// Done, with nothing to add.
    pub(crate) fn done() -> Self {
        Self::Done(String::new())
    }
}

/// Where steps report to.
pub(crate) struct Report {
    bars: MultiProgress,
    terminal: bool,
    started: Instant,
}

/// How often a long step says that it is alive when there is no terminal.
const HEARTBEAT: Duration = Duration::from_secs(60);

impl Report {
    /// A report that starts its clock now.
    pub(crate) fn new() -> Self {
        Self { bars: MultiProgress::new(), terminal: std::io::stderr().is_terminal(), started: Instant::now() }
    }

    /// Time since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Says a line between steps.
    pub(crate) fn say(&self, line: &str) {
        if self.terminal {
            // A failed write to the terminal has nowhere to be reported to.
            let _ = self.bars.println(line);
        } else {
            eprintln!("{line}");
        }
    }

    /// Runs a step, names it and says how long it took.
    pub(crate) fn step(&self, name: &str, work: impl FnOnce(&Note) -> Result<Outcome, Failure>) -> Result<(), Failure> {
        let note = self.note(name);
        let result = work(&note);
        let took = human(note.started.elapsed());
        note.bar.finish_and_clear();
        match &result {
            Ok(Outcome::Done(what)) => self.say(&line("✓", name, &took, what)),
            Ok(Outcome::Skipped(what)) => self.say(&line("·", name, "ready", what)),
            Err(_) => self.say(&line("✗", name, &took, "")),
        }
        result.map(|_| ())
    }

    fn note(&self, name: &str) -> Note {
        let bar = if self.terminal {
            let bar = self.bars.add(ProgressBar::new_spinner());
            bar.set_style(
                ProgressStyle::with_template("{spinner} {prefix}  {elapsed:>4}  {wide_msg:.dim}")
                    .unwrap_or_else(|_| ProgressStyle::default_spinner()),
            );
            bar.set_prefix(name.to_owned());
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        } else {
            ProgressBar::hidden()
        };
        Note {
            bar,
            name: name.to_owned(),
            terminal: self.terminal,
            started: Instant::now(),
            spoken: Cell::new(Instant::now()),
            last: std::cell::RefCell::new(String::new()),
        }
    }
}

fn line(mark: &str, name: &str, took: &str, what: &str) -> String {
    format!("{mark} {name:<44} {took:>8}  {what}").trim_end().to_owned()
}

/// The running step, as the program it runs sees it.
pub(crate) struct Note {
    bar: ProgressBar,
    name: String,
    terminal: bool,
    started: Instant,
    spoken: Cell<Instant>,
    last: std::cell::RefCell<String>,
}

impl Note {
    /// Shows what the step is doing.
    pub(crate) fn doing(&self, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        self.bar.set_message(text.to_owned());
        text.clone_into(&mut self.last.borrow_mut());
        self.alive();
    }

    /// Called about once a second while a program says nothing.
    pub(crate) fn alive(&self) {
        if !self.terminal && self.spoken.get().elapsed() >= HEARTBEAT {
            self.spoken.set(Instant::now());
            eprintln!("  {} … {}  {}", self.name, human(self.started.elapsed()), self.last.borrow());
        }
    }
}

/// `0.4 s`, `37 s`, `12 min 5 s`.
pub(crate) fn human(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_say_them() {
        assert_eq!(human(Duration::from_millis(440)), "0.4 s");
        assert_eq!(human(Duration::from_secs(37)), "37 s");
        assert_eq!(human(Duration::from_secs(725)), "12 min 5 s");
    }
}
