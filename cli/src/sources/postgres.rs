//! Rows of a PostgreSQL server, by its own client `psql`: it knows the ways to connect (TLS, `~/.pgpass`, services) and how to
//! write any type as text. The session can only read.

use super::columns::Columns;
use super::problems::Problems;
use super::read::{LeftOut, csv};
use std::io::Read as _;
use std::process::{Command, Stdio};

/// How NULL is written: no text of a warehouse is this character alone.
const NULL: &str = "\u{1}";

/// What every session is set to: it cannot write, and writes times as Almanac reads them.
const OPTIONS: &str =
    "-c default_transaction_read_only=on -c datestyle=ISO,YMD -c timezone=UTC -c extra_float_digits=1";

/// Reads the rows of one query.
///
/// # Errors
/// What `psql` says; a sentence when there is none.
pub(super) fn rows(
    table: &str,
    query: &str,
    connection: Option<&str>,
    into: &mut Columns<'_>,
    problems: &mut Problems,
) -> Result<LeftOut, String> {
    let query = query.trim().trim_end_matches(';');
    let copy = format!("copy ({query}\n) to stdout with (format csv, header, encoding 'UTF8', null E'\\x01')");
    let options = std::env::var("PGOPTIONS").unwrap_or_default();
    let mut command = Command::new("psql");
    command
        .args(["-X", "-q", "-w", "-v", "ON_ERROR_STOP=1", "-c", &copy])
        .env("PGOPTIONS", format!("{options} {OPTIONS}"));
    if let Some(connection) = connection {
        command.args(["-d", connection]);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| {
        format!("`psql`, the client of PostgreSQL, cannot be started ({error}). On Debian: apt-get install postgresql-client")
    })?;
    let (Some(out), Some(mut err)) = (child.stdout.take(), child.stderr.take()) else {
        return Err("`psql` gives nothing to read".to_owned());
    };
    let said = std::thread::spawn(move || {
        let mut said = String::new();
        let _ = err.read_to_string(&mut said);
        said
    });
    let name = format!("answer for {table}");
    let read = csv(out, &name, b',', NULL, into, problems);
    let status = child.wait().map_err(|error| format!("`psql` cannot be waited for: {error}"))?;
    let said = said.join().unwrap_or_default();
    if !status.success() && !said.trim().is_empty() {
        return Err(format!("PostgreSQL: {}", said.trim()));
    }
    read
}
