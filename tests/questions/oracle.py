#!/usr/bin/env python3
"""Writes DuckDB's answers to the questions: TPC-H, the db-benchmark's groupings and joins, and the demo company's queries.

    pip install -r tests/slt/requirements.txt
    python3 tests/questions/oracle.py            # rewrite every answer
    python3 tests/questions/oracle.py tpch       # only these folders
    python3 tests/questions/oracle.py --made larger --beside tpch    # over larger/tpch, into larger/tpch/answers

DuckDB reads the very files the engine reads: the extracts come from `cargo run -p almanac-tests`, or, where a folder has a
`fixtures` folder, from there. So an answer never comes from the code under test.

An answer is `answers/<question>.tsv`: a line with the kinds of the columns (`I` whole number, `R` number, `T` anything else)
and `rowsort` where the question leaves the order open, then one line a row, as in the SQL logic tests. Answers of more than
2,000 rows are kept as a digest of three lines: `digest` and the number of rows, the sum of the hashes of the rows' values
that are no `R` (first 8 bytes of SHA-256 of the tab-separated texts, big end first, modulo 2^64), and for each `R` column the
number of values and their sum, each value weighted with 1 + (its row's hash modulo 1000).
"""

import argparse
import hashlib
import math
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "slt"))

import duckdb  # noqa: E402
import oracle as slt  # noqa: E402

LARGEST = 2_000
# Questions whose text lies elsewhere.
TEXTS = {"tpch": ROOT / "bench" / "tpch"}


def connect(folder):
    con = duckdb.connect(":memory:")
    con.execute("set threads = 1; set timezone = 'UTC'")
    for path in sorted(folder.glob("*.parquet")):
        con.execute(f"create table \"{path.stem}\" as from '{path}'")
    return con


def digest(letters, rows):
    total, sums = 0, {at: [0, []] for at, kind in enumerate(letters) if kind == "R"}
    for row in rows:
        exact = "\t".join(value for value, kind in zip(row, letters) if kind != "R")
        hashed = int.from_bytes(hashlib.sha256(exact.encode()).digest()[:8], "big")
        total = (total + hashed) % 2**64
        for at, known in sums.items():
            if row[at] != "NULL":
                known[0] += 1
                known[1].append(float(row[at]) * (1 + hashed % 1000))
    lines = [f"digest {len(rows)}", str(total)]
    return lines + ["\t".join(f"{count} {math.fsum(values)!r}" for count, values in sums.values())]


def written(con, sql):
    letters, rows = slt.answer(con, sql)
    if letters is None:
        raise slt.Problem(rows)
    if len(rows) > LARGEST:
        return [letters, *digest(letters, rows)]
    ordered = len(rows) < 2 or slt.is_ordered(sql)
    lines = ["\t".join(row) for row in (rows if ordered else sorted(rows))]
    return [letters if ordered else f"{letters} rowsort", *lines]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--made", type=pathlib.Path, help="folder of extracts that were written before")
    parser.add_argument("--beside", action="store_true", help="leave the answers beside those extracts, for ALMANAC_QUESTIONS")
    parser.add_argument("folders", nargs="*", help="names of folders; all when none is given")
    args = parser.parse_args()
    if duckdb.__version__ != slt.PINNED:
        sys.exit(f"oracle: needs duckdb {slt.PINNED}, found {duckdb.__version__}: pip install -r tests/slt/requirements.txt")
    names = args.folders or sorted(path.name for path in HERE.iterdir() if path.is_dir() and path.name[0] not in "._")
    with tempfile.TemporaryDirectory() as made:
        made = args.made or made
        if not args.made and any(not (HERE / name / "fixtures").is_dir() for name in names):
            subprocess.run(["cargo", "run", "--quiet", "-p", "almanac-tests", "--", made], cwd=ROOT, check=True)
        problems = 0
        for name in names:
            fixtures = HERE / name / "fixtures"
            beside = args.made is not None and args.beside
            con = connect(fixtures if fixtures.is_dir() and not beside else pathlib.Path(made) / name)
            answers = (pathlib.Path(made) if beside else HERE) / name / "answers"
            answers.mkdir(parents=True, exist_ok=True)
            texts = sorted(TEXTS.get(name, HERE / name).glob("*.sql"))
            for path in texts:
                try:
                    lines = written(con, path.read_text(encoding="utf-8"))
                    (answers / f"{path.stem}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
                except slt.Problem as problem:
                    problems += 1
                    print(f"{name}/{path.name}: {problem}", file=sys.stderr)
            print(f"{name}: {len(texts)} questions")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
