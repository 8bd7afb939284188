#!/usr/bin/env python3
"""Random queries over the fixtures of the SQL logic tests, with DuckDB's answers: a batch oracle.

    pip install -r tests/slt/requirements.txt
    python3 tests/random/generate.py                                       # rewrite the committed sample
    python3 tests/random/generate.py --seed 7 --count 5000 --out more.slt  # any number more
    ALMANAC_SLT=more.slt cargo test -p almanac-tests --test slt            # and run them

The same seed gives the same queries. Each is asked twice, on the fixtures and on their rows in reverse order, and kept only
when DuckDB answers it both times alike: what it refuses (an overflow, a bad cast) and what depends on the order of rows says
nothing about us. What Almanac does otherwise on purpose is not asked: decimals (doubles here) and HUGEINT beyond BIGINT.
"""

import argparse
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "slt"))

import oracle as slt  # noqa: E402
from queries import Writer  # noqa: E402

SAMPLE = HERE / "sample.slt"
HEAD = """# Random queries with DuckDB's answers: seed {seed}, written by generate.py. Not edited by hand.
"""
# More rows say no more and cost space.
MOST_ROWS = 40


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=700)
    parser.add_argument("--out", type=pathlib.Path, default=SAMPLE)
    args = parser.parse_args()
    forward, backward = slt.connect(reverse=False), slt.connect(reverse=True)
    writer = Writer(args.seed)
    lines, kept, asked, refused = [HEAD.format(seed=args.seed)], 0, 0, 0
    while kept < args.count:
        asked += 1
        sql = writer.query()
        letters, rows = slt.answer(forward, sql)
        if letters is None:
            refused += 1
            continue
        if len(rows) > MOST_ROWS or overflows(forward) or untyped(sql, letters, rows):
            continue
        # One question in three may have no rows for an answer.
        if not rows and kept % 3:
            continue
        try:
            lines += slt.record(f"query {asked}", sql, [sql], False, forward, backward)
        except slt.Problem:
            continue
        lines.append("")
        kept += 1
    args.out.write_text("\n".join(lines).rstrip("\n") + "\n", encoding="utf-8")
    print(f"{kept} of {asked} queries kept, {refused} refused by DuckDB")


def untyped(sql, letters, rows):
    """Whether a column of bare NULLs has no type of its own: DuckDB gives it one by folding."""
    empty = (all(row[at] == "NULL" for row in rows) for at, kind in enumerate(letters) if kind == "I")
    return "null::" in sql and any(empty)


def overflows(con):
    """Whether the last answer holds a whole number that no BIGINT holds."""
    wide = [c[0] for c in con.execute("describe temp.answer").fetchall() if c[1] in ("HUGEINT", "UHUGEINT", "UBIGINT")]
    return any(
        con.execute('select count(*) from temp.answer where abs("{}"::hugeint) > 9223372036854775807'.format(name.replace('"', '""'))).fetchone()[0]
        for name in wide
    )


if __name__ == "__main__":
    main()
