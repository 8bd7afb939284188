#!/usr/bin/env python3
"""Every metric over whole extracts: the engine's answer against DuckDB's answer to the printed DuckDB SQL.

    cargo run -p almanac -- demo                            # the extracts
    cargo build -p almanac --features engine
    python3 tests/company/compare_metrics.py                # all metrics by month
    python3 tests/company/compare_metrics.py --grain quarter --by region --data <folder>
    python3 tests/company/compare_metrics.py --postgres "psql -h localhost metrics"

DuckDB reads the same Parquet files. With `--postgres`, a server gets the tables and runs the printed PostgreSQL text, too. Numbers may
differ by 1e-9, relatively; everything else must be equal. Needs PyPI `duckdb==1.4.4`.
"""

import argparse
import datetime
import json
import math
import pathlib
import shlex
import subprocess
import sys
import tempfile

import duckdb

ROOT = pathlib.Path(__file__).resolve().parents[2]
POSTGRES_TYPES = {"DOUBLE": "double precision", "VARCHAR": "text", "HUGEINT": "bigint"}


def views(data):
    """A database with a view for each table of the manifest."""
    con = duckdb.connect(":memory:")
    manifest = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    for resource in manifest["resources"]:
        files = ", ".join("'{}'".format(str(data / file["path"]).replace("'", "''")) for file in resource["files"])
        con.execute('create view "{}" as from read_parquet([{}])'.format(resource["name"], files))
    return con, [resource["name"] for resource in manifest["resources"]]


def ask(arguments, *more):
    """What `almanac metric all` says: a dictionary for each metric."""
    command = [arguments.almanac, "metric", "all", "--json", "--site", str(ROOT / "public"), "--data", str(arguments.data)]
    for option in ("grain", "by", "compare", "window"):
        if getattr(arguments, option):
            command += ["--" + option, getattr(arguments, option)]
    done = subprocess.run([*command, *more], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


class Postgres:
    """A server reached by `psql`, with the tables of a DuckDB database."""

    def __init__(self, command, con, tables):
        self.command = [*shlex.split(command), "-v", "ON_ERROR_STOP=1", "-qtA"]
        with tempfile.TemporaryDirectory() as folder:
            lines = []
            for table in tables:
                path = pathlib.Path(folder) / f"{table}.csv"
                columns = con.execute(f'describe "{table}"').fetchall()
                con.execute(f"copy \"{table}\" to '{path}' (header false, nullstr '\\N')")
                typed = ", ".join(f'"{column[0]}" {POSTGRES_TYPES.get(column[1], column[1])}' for column in columns)
                lines.append(f'drop table if exists "{table}"; create table "{table}" ({typed});')
                lines.append(f"\\copy \"{table}\" from '{path}' (format csv, null '\\N')")
            subprocess.run(self.command, input="\n".join(lines), text=True, check=True, capture_output=True)

    def rows(self, sql):
        """Rows of JSON values."""
        text = f"select coalesce(json_agg(json_build_array(t.*)), '[]') from ({sql}) as t"
        # A row as an array: its values in order of its columns.
        text = text.replace("json_build_array(t.*)", "(select json_agg(e.value order by e.ordinality) from json_each(row_to_json(t)) with ordinality e)")
        done = subprocess.run(self.command, input=text, text=True, capture_output=True)
        if done.returncode:
            raise ValueError(done.stderr.strip().splitlines()[0])
        return json.loads(done.stdout)


def same(got, wanted):
    if got is None or wanted is None:
        # JSON has no infinity and no "not a number".
        return got is None and (wanted is None or isinstance(wanted, float) and not math.isfinite(wanted))
    if isinstance(wanted, (datetime.date, datetime.datetime)):
        return str(got)[:10] == str(wanted)[:10]
    if isinstance(wanted, (int, float)) and not isinstance(wanted, bool) and isinstance(got, (int, float)):
        return math.isclose(got, wanted, rel_tol=1e-9, abs_tol=1e-9)
    return str(got) == str(wanted)


def order(row):
    """Servers sort texts by their own rules."""
    return [(cell is not None, str(cell)[:10] if isinstance(cell, (str, datetime.date)) else "", cell if isinstance(cell, int) else 0) for cell in row]


def difference(got, wanted, sort):
    if len(got) != len(wanted):
        return f"{len(got)} rows, DuckDB has {len(wanted)}"
    if sort:
        got, wanted = sorted(got, key=order), sorted(wanted, key=order)
    for a, b in zip(got, wanted):
        if not all(same(x, y) for x, y in zip(a, b)):
            return f"{a}, DuckDB has {b}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--almanac", default=str(ROOT / "target/debug/almanac"))
    parser.add_argument("--data", default=str(ROOT / "public/data"), type=pathlib.Path)
    parser.add_argument("--grain")
    parser.add_argument("--by")
    parser.add_argument("--compare")
    parser.add_argument("--window")
    parser.add_argument("--postgres", help="how to call psql, on a database whose tables may be replaced")
    parser.add_argument("--values", help="write DuckDB's values here as CSV: id, period, value")
    arguments = parser.parse_args()
    con, tables = views(arguments.data)
    wrong, rows, values, answers = [], 0, [], {}
    lines = ask(arguments)
    for line in lines:
        name = line["metrics"][0]
        try:
            wanted = con.execute(line["sql"]).fetchall()
        except duckdb.Error as error:
            wrong.append(f"{name}: DuckDB refuses: {str(error).splitlines()[0]}")
            continue
        answers[name] = wanted
        rows += len(wanted)
        values += [(name, *row) for row in wanted]
        found = difference(line["rows"], wanted, False)
        wrong += [f"{name}: {found}"] if found else []
    if arguments.postgres:
        server = Postgres(arguments.postgres, con, tables)
        for line in ask(arguments, "--sql", "--dialect", "postgres"):
            name = line["metrics"][0]
            try:
                found = difference(server.rows(line["sql"]), answers.get(name, []), True)
            except ValueError as error:
                found = f"PostgreSQL refuses: {error}"
            wrong += [f"{name} (postgres): {found}"] if found else []
    if arguments.values:
        text = "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in values)
        pathlib.Path(arguments.values).write_text(text + "\n", encoding="utf-8")
    print("\n".join(wrong))
    print(f"{len(lines)} metrics, {rows} rows, {len(wrong)} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
