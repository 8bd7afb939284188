#!/usr/bin/env python3
"""Fills the answers of the SQL logic tests with DuckDB's, and writes the fixtures as Parquet.

    pip install -r tests/slt/requirements.txt
    python3 tests/slt/oracle.py                 # rewrite every answer and the fixtures
    python3 tests/slt/oracle.py --check         # change nothing; fail when an answer is not DuckDB's
    python3 tests/slt/oracle.py select.slt      # only these files

The records lie in `tests/slt` and, over the tables of a software company, in `tests/company`; each has its `fixtures.sql`.

People write the statements, DuckDB writes what is below `----`. So an answer in these files never comes from the code
under test.

A record is `query [rowsort]`, the statement, `----`, the rows; the script fills the letters between (`I` whole number,
`R` number, `T` anything else) and the rows. Values are separated by tabs and written as

    NULL, (empty), true, 2024-02-29, 2024-02-29 13:05:00.25, 1 year 2 months 03:04:05, 42, 0.1, 1e+300, inf, nan

with `\\t`, `\\n` and `\\\\` inside texts. Numbers of kind `R` are compared with a relative tolerance of 1e-9.

Every statement runs twice, on the fixtures as written and on the same rows in reverse order. An answer that depends on the
order of rows is not an answer: the script refuses it. Rows whose order the statement leaves open are marked `rowsort`.

`skipif duckdb` before a record says that DuckDB accepts what Almanac refuses on purpose (`insert`, `copy`, `attach`, …).
`skipif almanac` says that Almanac does not know the feature yet: it must refuse the statement with a diagnostic, and the
record fails on the day it is answered, so that the mark is taken away.
"""

import argparse
import hashlib
import json
import math
import pathlib
import sys

import duckdb
import pyarrow
import pyarrow.ipc

HERE = pathlib.Path(__file__).resolve().parent
# Folders with records, each beside its own `fixtures.sql`.
SUITES = [HERE, HERE.parent / "company"]
PINNED = "1.4.4"
# Types that Parquet files of the fixtures may use, with the name Almanac gives them after loading.
LOADED_TYPES = {"BOOLEAN", "INTEGER", "BIGINT", "DOUBLE", "VARCHAR", "DATE", "TIME", "TIMESTAMP"}


class Problem(Exception):
    """A record that cannot stand as it is; the message says where and why."""


def connect(reverse, folder=HERE):
    """A database with a folder's fixtures, their rows in written or in reverse order."""
    con = duckdb.connect(":memory:")
    con.execute("set threads = 1; set timezone = 'UTC'")
    con.execute((folder / "fixtures.sql").read_text(encoding="utf-8"))
    if reverse:
        for name in table_names(con):
            con.execute(f'create table "reversed" as from "{name}" order by rowid desc')
            con.execute(f'drop table "{name}"; alter table "reversed" rename to "{name}"')
    return con


def table_names(con):
    return [row[0] for row in con.execute("select table_name from duckdb_tables() order by 1").fetchall()]


def answer(con, sql):
    """Letters and rows of texts of a statement, or the message of the error it gives."""
    try:
        con.execute("drop table if exists temp.answer")
        con.execute(f"create temp table answer as {sql}\n")
        columns = con.execute("describe temp.answer").fetchall()
        # Column names may hold anything, a quote included.
        exprs = ", ".join('cast("{}" as varchar)'.format(c[0].replace('"', '""')) for c in columns)
        rows = con.execute(f"select {exprs} from temp.answer order by rowid").fetchall()
    except duckdb.Error as error:
        return None, str(error).splitlines()[0]
    letters = "".join(letter(c[1]) for c in columns)
    return letters, [[text(value, kind) for value, kind in zip(row, letters)] for row in rows]


def letter(duck_type):
    if duck_type.endswith("]"):
        return "T"
    if duck_type.startswith(("DECIMAL", "DOUBLE", "FLOAT")):
        return "R"
    if duck_type.endswith(("INT", "INTEGER")):
        return "I"
    return "T"


def text(value, kind):
    if value is None:
        return "NULL"
    # The sign of not-a-number is the processor's choice.
    if kind == "R" and value == "-nan":
        return "nan"
    if value == "":
        return "(empty)"
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def close(a, b, kind):
    if a == b:
        return True
    if kind != "R" or "NULL" in (a, b):
        return False
    x, y = float(a), float(b)
    if math.isnan(x) or math.isnan(y):
        return math.isnan(x) and math.isnan(y)
    return x == y or abs(x - y) <= 1e-9 * max(abs(x), abs(y))


def same_rows(a, b, letters):
    return len(a) == len(b) and all(
        len(x) == len(y) and all(close(p, q, k) for p, q, k in zip(x, y, letters)) for x, y in zip(a, b)
    )


def is_ordered(sql):
    """Whether the outermost query has an ORDER BY."""
    depth, seen, quoted = 0, "", False
    for ch in sql.lower():
        if ch == "'":
            quoted = not quoted
        if quoted:
            continue
        depth += (ch == "(") - (ch == ")")
        seen += ch if depth == 0 else " "
    return "order by" in " ".join(seen.split())


def complete(path, forward, backward, problems):
    """The text of a file with its answers filled in, and the number of its query records. Refused records stay as they are."""
    lines = path.read_text(encoding="utf-8").splitlines()
    out, count, at, skip = [], 0, 0, False
    while at < len(lines):
        line = lines[at]
        if not line.startswith("query"):
            skip = line.split() == ["skipif", "duckdb"] or (skip and not line.strip())
            out.append(line)
            at += 1
            continue
        where = f"{path.name}:{at + 1}"
        start = at
        at += 1
        sql_lines = []
        while at < len(lines) and lines[at].strip() and lines[at] != "----":
            sql_lines.append(lines[at])
            at += 1
        while at < len(lines) and lines[at].strip():
            at += 1
        sql = "\n".join(sql_lines)
        words = line.split()
        count += 1
        try:
            if words[1:2] != ["error"]:
                out += record(where, sql, sql_lines, "rowsort" in words, forward, backward)
            else:
                out += [line, *sql_lines]
                if not skip and answer(forward, sql)[0] is not None:
                    raise Problem(f"{where}: DuckDB answers what should be an error\n{sql}")
        except Problem as problem:
            problems.append(str(problem))
            out += lines[start + (words[1:2] == ["error"]) * (1 + len(sql_lines)):at]
        skip = False
    return "\n".join(out).rstrip("\n") + "\n", count


def record(where, sql, sql_lines, sort, forward, backward):
    letters, rows = answer(forward, sql)
    if letters is None:
        raise Problem(f"{where}: {rows}\n{sql}")
    again_letters, again = answer(backward, sql)
    sort = sort or (len(rows) > 1 and not is_ordered(sql))
    if sort:
        rows, again = sorted(rows), sorted(again)
    if letters != again_letters or not same_rows(rows, again, letters):
        raise Problem(f"{where}: the answer depends on the order of rows\n{sql}\n{rows}\n{again}")
    head = f"query {letters} rowsort" if sort else f"query {letters}"
    return [head, *sql_lines, "----", *("\t".join(row) for row in rows)]


def write_fixtures(con, folder):
    """Parquet files of the fixture tables and their manifest, in the format of the site's own `datapackage.json`."""
    resources = []
    for name in table_names(con):
        path = folder / f"{name}.parquet"
        con.execute(f"copy \"{name}\" to '{path}' (format parquet, compression zstd)")
        data = path.read_bytes()
        rows = con.execute(f'select count(*) from "{name}"').fetchone()[0]
        fields = []
        for column, kind, nullable, *_ in con.execute(f'describe "{name}"').fetchall():
            if kind not in LOADED_TYPES:
                raise Problem(f"fixtures.sql: {name}.{column} has type {kind}")
            fields.append({"name": column, "type": kind, "nullable": nullable == "YES"})
        resources.append({
            "name": name,
            "description": "Fixture of the SQL logic tests, see fixtures.sql",
            "format": "parquet",
            "rows": rows,
            "schema": {"fields": fields},
            "files": [{
                "path": path.name,
                "bytes": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
                "rows": rows,
                # A Parquet file ends with the footer, its length in four bytes, and `PAR1`.
                "footer_start": len(data) - 8 - int.from_bytes(data[-8:-4], "little"),
            }],
        })
    manifest = {"name": "slt-fixtures", "title": "SQL logic test fixtures", "as_of": "2025-11-30", "resources": resources}
    (folder / "datapackage.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def write_arrow(con, folder):
    """The table `seq` as a reader would drop it onto the page, in both of Arrow's forms."""
    seq = con.execute("from seq").fetch_arrow_table()
    with pyarrow.ipc.new_file(folder / "seq.arrow", seq.schema) as writer:
        writer.write_table(seq)
    with pyarrow.ipc.new_stream(folder / "seq.arrows", seq.schema) as writer:
        writer.write_table(seq)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; fail when an answer is not DuckDB's")
    parser.add_argument("files", nargs="*", help="names of .slt files; all when none is given")
    args = parser.parse_args()
    if duckdb.__version__ != PINNED:
        sys.exit(f"oracle: needs duckdb {PINNED}, found {duckdb.__version__}: pip install -r tests/slt/requirements.txt")
    total, files, failures = 0, 0, []
    for folder in SUITES:
        paths = sorted(path for path in folder.glob("*.slt") if not args.files or path.name in args.files)
        if not paths:
            continue
        forward, backward = connect(False, folder), connect(True, folder)
        if not args.check and not args.files:
            (folder / "fixtures").mkdir(exist_ok=True)
            write_fixtures(forward, folder / "fixtures")
            if folder == HERE:
                write_arrow(forward, folder / "fixtures")
        for path in paths:
            filled, count = complete(path, forward, backward, failures)
            total, files = total + count, files + 1
            if filled != path.read_text(encoding="utf-8"):
                if args.check:
                    failures.append(f"{path.name}: not DuckDB's answers; run tests/slt/oracle.py")
                else:
                    path.write_text(filled, encoding="utf-8")
    for failure in failures:
        print(failure, file=sys.stderr)
    print(f"{total} records in {files} files, {len(failures)} problems")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
