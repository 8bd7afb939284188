#!/usr/bin/env python3
"""Has DuckDB judge the demo company by facts.sql and defects.sql, as tests/facts.rs has Almanac do.

    pip install -r tests/slt/requirements.txt
    cargo run -p almanac -- demo
    cargo run -p almanac -- demo --dirty --out target/dirty
    python3 tests/company/facts.py [--show]       # --show prints every number
"""

import pathlib
import sys

import duckdb

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def connect(data):
    """A database with a view for each table of a folder of extracts."""
    con = duckdb.connect(":memory:")
    for path in sorted(data.iterdir()):
        if path.is_dir():
            con.execute(f"create view {path.name} as select * from read_parquet('{path}/*.parquet')")
        elif path.suffix == ".parquet":
            con.execute(f"create view {path.stem} as select * from read_parquet('{path}')")
    return con


def facts(name):
    """Name, bounds and SQL of each fact of a file."""
    found = []
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("-- == "):
            continue
        if line.startswith("-- ") and ": " in line and found is not None:
            head, _, rest = line[3:].partition(": ")
            bounds = rest.split(",")[0].split(" .. ")
            try:
                found.append([head, float(bounds[0]), float(bounds[-1]), ""])
            except ValueError:
                continue
        elif found:
            found[-1][3] += line + "\n"
    return found


def judge(con, rows, show):
    """How many facts do not hold."""
    bad = 0
    for name, low, high, sql in rows:
        value = con.execute(sql).fetchone()[0]
        held = value is not None and low <= value <= high
        bad += not held
        if show or not held:
            print(f"{'ok ' if held else 'BAD'} {name}: {value} in {low} .. {high}")
    return bad


def main():
    """Judges what is there."""
    show = "--show" in sys.argv
    folders = [pathlib.Path(argument) for argument in sys.argv[1:] if not argument.startswith("--")]
    clean = folders[0] if folders else ROOT / "public/data"
    dirty = folders[1] if len(folders) > 1 else ROOT / "target/dirty"
    probes = facts("defects.sql")
    con = connect(clean)
    bad = judge(con, facts("facts.sql"), show) + judge(con, probes, show)
    bad += judge(connect(dirty), [[name, 1, float("inf"), sql] for name, _, _, sql in probes], show)
    print(f"{bad} facts do not hold")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
