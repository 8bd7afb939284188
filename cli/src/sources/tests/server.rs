//! Rows of a real PostgreSQL server, which the test starts in a folder of its own.

use super::{SCHEMA, Site, check_deals};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A server that listens on a socket in its folder alone.
struct Server {
    folder: PathBuf,
    programs: PathBuf,
}

impl Server {
    fn start() -> Self {
        let programs = programs().expect("PostgreSQL's `initdb`: on Debian `apt-get install postgresql`");
        let folder = std::env::temp_dir().join(format!("almanac-postgres-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let server = Self { folder, programs };
        // PostgreSQL does not run as root; its package makes a user for it.
        if is_root() {
            assert!(Command::new("chown").arg("postgres").arg(&server.folder).status().unwrap().success());
        }
        server.must("initdb", &["--auth=trust", "--username=almanac", "--encoding=UTF8", "--no-sync"]);
        let options =
            format!("-c listen_addresses='' -c unix_socket_directories={} -c fsync=off", server.folder.display());
        server.must("pg_ctl", &["start", "--wait", "--silent", "--log", &server.path("log"), "--options", &options]);
        server
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).to_string_lossy().into_owned()
    }

    fn call(&self, program: &str, arguments: &[&str]) -> Output {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(&self.folder).args(["--pgdata", &self.path("db")]).args(arguments).output().unwrap()
    }

    fn must(&self, program: &str, arguments: &[&str]) {
        let output = self.call(program, arguments);
        let log = std::fs::read_to_string(self.path("log")).unwrap_or_default();
        assert!(output.status.success(), "{program}: {}\n{log}", String::from_utf8_lossy(&output.stderr));
    }

    fn connection(&self) -> String {
        format!("host={} user=almanac dbname=postgres", self.folder.display())
    }

    fn sql(&self, text: &str) -> String {
        let output =
            Command::new("psql").args(["-X", "-q", "-t", "-A", "-d", &self.connection(), "-c", text]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.call("pg_ctl", &["stop", "--mode=immediate", "--silent"]);
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// The folder of the server's programs: on the path, or where Debian keeps them, by version.
fn programs() -> Option<PathBuf> {
    let on_path = std::env::split_paths(&std::env::var_os("PATH")?).find(|folder| folder.join("initdb").is_file());
    on_path.or_else(|| {
        let versions = std::fs::read_dir(Path::new("/usr/lib/postgresql")).ok()?;
        versions
            .filter_map(|version| Some(version.ok()?.path().join("bin")))
            .filter(|bin| bin.join("initdb").is_file())
            .max()
    })
}

#[test]
fn rows_of_a_server_become_an_extract_and_the_server_is_only_read() {
    let server = Server::start();
    server.sql(
        "create table deals (deal_id int, amount numeric(12,2), cents bigint, won boolean, closed date, seen timestamptz, note text, internal text);
         insert into deals values
           (2, 1234.50, 9007199254740993, true, '2025-11-30', '2025-11-30 12:00:00+00', 'a \"big\", one', 'x'),
           (1, null, null, null, null, null, '', 'y'),
           (3, -0.10, -1, false, '1969-12-31', '2025-11-30 13:00:00+01', E'two\\nlines', 'z')",
    );
    let sources = |query: &str| {
        format!("tables:\n  deals:\n    connection: {}\n    postgres: |\n      {query}\n", server.connection())
    };
    let site = Site::new("server", &sources("select * from deals;"), SCHEMA);
    let said = site.extract().unwrap();
    assert!(said.contains("from PostgreSQL") && said.contains("does not name them: internal"), "{said}");
    check_deals(&site.rows("deals.parquet"));
    for (query, words) in [
        ("select * from nowhere", "relation \"nowhere\" does not exist"),
        ("select * from deals) to stdout; delete from deals; copy (select 1", "read-only transaction"),
        ("select * from (delete from deals returning *) x", "syntax error"),
        ("select 1 as deal_id", "has no column `amount`"),
    ] {
        let wrong = site.write("sources.yml", sources(query)).extract().unwrap_err();
        assert!(wrong.contains(words), "{query}: {wrong}");
    }
    assert_eq!(server.sql("select count(*) from deals"), "3");
    // What the server does not take back stays as it was.
    check_deals(&site.rows("deals.parquet"));
    let nowhere = "tables: {deals: {postgres: select 1, connection: 'host=/nowhere'}}";
    let wrong = site.write("sources.yml", nowhere).extract().unwrap_err();
    assert!(wrong.contains("PostgreSQL: ") && wrong.contains("/nowhere"), "{wrong}");
}
