//! Runs another program: its lines feed the spinner, its whole output goes to a log file, its last lines into the failure.

use crate::failure::{AtPath, Failure};
use crate::report::Note;
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// Lines of output that a failure repeats.
const TAIL: usize = 40;

/// What a program that ended has left.
pub(crate) struct Ended {
    /// Whether it said it had succeeded.
    pub(crate) success: bool,
    /// Standard output and standard error, in the order they came.
    pub(crate) lines: Vec<String>,
    /// Where the whole output is.
    pub(crate) log: PathBuf,
}

impl Ended {
    /// The failure of a program that was to succeed.
    pub(crate) fn failure(&self, what: &str) -> Failure {
        let tail: VecDeque<String> = self.lines.iter().rev().take(TAIL).rev().cloned().collect();
        Failure::new(format!("{what} failed; its whole output is in {}.", self.log.display()))
            .detail(tail.into_iter().collect::<Vec<_>>().as_slice())
    }
}

/// Runs `command` to its end, whatever that is.
pub(crate) fn run(mut command: Command, name: &str, logs: &Path, note: &Note) -> Result<Ended, Failure> {
    std::fs::create_dir_all(logs).at(logs)?;
    let log = logs.join(format!("{}.log", name.replace(|c: char| !c.is_ascii_alphanumeric(), "-")));
    let mut file = std::fs::File::create(&log).at(&log)?;
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::new(format!("`{program}` could not be started: {error}.")))?;
    let (sender, lines) = channel();
    let readers: Vec<_> = [
        child.stdout.take().map(|pipe| read(pipe, sender.clone())),
        child.stderr.take().map(|pipe| read(pipe, sender)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut all = Vec::new();
    loop {
        match lines.recv_timeout(Duration::from_secs(1)) {
            Ok(line) => {
                // The log is a convenience: a full disk shows itself in the program's own failure.
                let _ = writeln!(file, "{line}");
                note.doing(&line);
                all.push(line);
            }
            Err(RecvTimeoutError::Timeout) => note.alive(),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    for reader in readers {
        let _ = reader.join();
    }
    let status =
        child.wait().map_err(|error| Failure::new(format!("`{program}` could not be waited for: {error}.")))?;
    Ok(Ended { success: status.success(), lines: all, log })
}

/// Runs `command` and makes its failure ours.
pub(crate) fn must(command: Command, name: &str, logs: &Path, note: &Note) -> Result<Ended, Failure> {
    let ended = run(command, name, logs, note)?;
    if ended.success { Ok(ended) } else { Err(ended.failure(name)) }
}

/// The first line a program prints when asked, such as its version; `None` when it is not there or fails.
pub(crate) fn answer(mut command: Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    if !output.status.success() {
        return None;
    }
    Some(String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().trim().to_owned())
}

/// Sends the lines of a pipe on; programs may write bytes that are not UTF-8.
fn read(pipe: impl Read + Send + 'static, to: Sender<String>) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        let mut bytes = Vec::new();
        while pipe.read_until(b'\n', &mut bytes).is_ok_and(|count| count > 0) {
            let line = String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']).to_owned();
            bytes.clear();
            if to.send(line).is_err() {
                break;
            }
        }
    })
}
