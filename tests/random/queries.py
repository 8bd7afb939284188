"""Random queries: typed expressions over the columns of random sources, so that nearly all of them mean something."""

import random

# Tables and columns of slt/fixtures.sql; the first column of each but `bools`, `lhs`, `rhs` and `third` tells its rows apart.
TABLES = {
    "nums": {"id": "int", "g": "text", "i": "int", "b": "int", "d": "dbl"},
    "specials": {"id": "int", "d": "dbl"},
    "bools": {"a": "bool", "b": "bool"},
    "words": {"id": "int", "s": "text"},
    "days": {"id": "int", "d": "date", "ts": "ts"},
    "lhs": {"k": "int", "v": "text"},
    "rhs": {"k": "int", "w": "text"},
    "third": {"k": "int", "v": "text", "x": "dbl"},
    "dept": {"id": "int", "name": "text", "budget": "dbl"},
    "emp": {"id": "int", "name": "text", "dept_id": "int", "boss_id": "int", "salary": "dbl", "hired": "date"},
    "sales": {"id": "int", "day": "date", "region": "text", "product": "text", "qty": "int", "price": "dbl", "returned": "bool"},
    "accounts": {"account_id": "int", "segment": "text", "region": "text", "plan": "text", "signup_date": "date",
                 "churn_date": "date", "mrr_usd": "dbl", "health_score": "int", "seats": "int"},
    "mrr_movements": {"movement_id": "int", "account_id": "int", "month": "date", "movement_type": "text",
                      "mrr_delta_usd": "dbl", "segment": "text"},
    "nothing": {"i": "int", "b": "int", "d": "dbl", "s": "text", "dt": "date", "ts": "ts", "f": "bool"},
    "seq": {"n": "int"},
}
KEYED = [name for name in TABLES if name not in ("bools", "lhs", "rhs", "third", "nothing")]
TYPES = ["int", "dbl", "text", "date", "ts", "bool"]
TEXTS = ["a", "b", "na", "emea", "pen", "ink", "", "l2a", "ä", "Zürich", "smb", "growth", "x%", "_"]
PATTERNS = ["a%", "%e%", "_%", "%", "p_n", "%\\%%", "Z%", "", "%é%", "s_b"]
DATES = ["2024-02-29", "2025-01-31", "2025-11-30", "1969-12-31", "2020-02-29", "2025-06-01", "1900-02-28"]
PARTS = ["year", "quarter", "month", "week", "day", "dow", "isodow", "doy"]
TRUNCS = ["year", "quarter", "month", "week", "day"]


class Writer:
    """A sequence of queries, the same for the same seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.aliases = 0

    def query(self):
        shape = self.pick([
            (4, self.rows), (4, self.grouped), (3, self.windowed), (2, self.ordered), (2, self.combined), (1, self.distinct),
            (2, self.from_cte), (1, self.totals), (1, self.nested_group),
        ])
        return shape()

    # Shapes of queries.

    def rows(self):
        source, columns = self.source()
        return f"select {self.exprs(columns)} from {source}{self.where(columns)}"

    def ordered(self):
        table = self.random.choice(KEYED)
        columns = self.columns(table, table)
        key = columns[0][0]
        by = self.expr(self.type(), columns, 1)
        ways = self.random.choice(["", " desc", " nulls first", " desc nulls last", " asc nulls last"])
        limit = self.random.choice(["", f" limit {self.random.randint(0, 6)}", f" limit 4 offset {self.random.randint(0, 9)}"])
        return f"select {key}, {self.expr(self.type(), columns, 2)} as e from {table}{self.where(columns)} order by {by}{ways}, {key}{limit}"

    def distinct(self):
        source, columns = self.source()
        return f"select distinct {self.exprs(columns, 1)} from {source}{self.where(columns)}"

    def grouped(self):
        source, columns = self.source()
        keys = [self.key(columns) for _ in range(self.random.randint(1, 2))]
        calls = [self.aggregate(columns) for _ in range(self.random.randint(1, 3))]
        items = ", ".join(f"{text} as c{at}" for at, text in enumerate(keys + calls))
        by = self.random.choice([", ".join(keys), ", ".join(str(at + 1) for at in range(len(keys))), "all"])
        if len(keys) == 2 and self.chance(0.2):
            by = self.random.choice([f"rollup (c0, c1)", f"cube (c0, c1)", f"grouping sets ((c0), (c1), ())"])
        having = f" having {self.compare(self.aggregate(columns, 'int'), 'int')}" if self.chance(0.3) else ""
        return f"select {items} from {source}{self.where(columns)} group by {by}{having}"

    def key(self, columns):
        """What may be grouped by: no subquery, and nothing without a column, which might be taken for a position."""
        while True:
            text = self.expr(self.type(), columns, 1)
            if "select" not in text and any(name in text for name, _ in columns):
                return text

    def totals(self):
        source, columns = self.source()
        return "select " + ", ".join(self.aggregate(columns) for _ in range(3)) + f" from {source}{self.where(columns)}"

    def nested_group(self):
        source, columns = self.source()
        key, call = self.key(columns), self.aggregate(columns, "int")
        inner = f"select {key} as k, {call} as n from {source}{self.where(columns)} group by 1"
        return f"select n, count(*), count(k), min(k) from ({inner}) t group by n"

    def windowed(self):
        table = self.random.choice(KEYED)
        columns = self.columns(table, table)
        key = columns[0][0]
        calls = ", ".join(self.window(columns, key) + f" as w{at}" for at in range(self.random.randint(1, 2)))
        qualify = f" qualify row_number() over (order by {key} desc) <= 5" if self.chance(0.2) else ""
        return f"select {key}, {calls} from {table}{self.where(columns)}{qualify}"

    def combined(self):
        types = [self.type() for _ in range(self.random.randint(1, 2))]
        text = self.operand(types)
        for _ in range(self.random.randint(1, 2)):
            operator = self.random.choice(["union", "union all", "except", "intersect", "except all", "intersect all"])
            text = f"{text} {operator} {self.operand(types)}"
            if self.chance(0.3):
                text = f"({text})"
        return text

    def operand(self, types):
        source, columns = self.source()
        items = ", ".join(self.expr(ty, columns, 1) for ty in types)
        return f"(select {items} from {source}{self.where(columns)})"

    def from_cte(self):
        source, columns = self.source()
        types = [self.type() for _ in range(2)]
        inner = ", ".join(f"{self.expr(ty, columns, 1)} as c{at}" for at, ty in enumerate(types))
        own = [(f"x.c{at}", ty) for at, ty in enumerate(types)] + [(f"y.c{at}", ty) for at, ty in enumerate(types)]
        kind = self.random.choice(["join", "left join", "full join"])
        call = self.aggregate(own)
        return (f"with t as (select {inner} from {source}{self.where(columns)}) "
                f"select {self.expr(types[0], own, 1)} as k, count(*), {call} from t x {kind} t y on x.c0 = y.c0{self.where(own)} group by 1")

    # Sources.

    def columns(self, table, alias):
        return [(f"{alias}.{name}", ty) for name, ty in TABLES[table].items()]

    def alias(self):
        self.aliases = (self.aliases + 1) % 1000
        return f"t{self.aliases}"

    def source(self):
        if self.chance(0.12):
            return self.derived()
        table, alias = self.random.choice(list(TABLES)), self.alias()
        text, columns = f"{table} {alias}", self.columns(table, alias)
        for _ in range(self.random.choice([0, 0, 0, 1, 1, 2])):
            table, alias = self.random.choice(list(TABLES)), self.alias()
            more = self.columns(table, alias)
            kind = self.random.choice(["join", "join", "left join", "right join", "full join", "semi join", "anti join", "cross join"])
            on = "" if kind == "cross join" else f" on {self.condition(columns, more)}"
            text += f" {kind} {table} {alias}{on}"
            columns = columns if kind in ("semi join", "anti join") else columns + more
        return text, columns

    def derived(self):
        table, alias = self.random.choice(list(TABLES)), self.alias()
        columns = self.columns(table, table)
        types = [self.type() for _ in range(2)]
        items = ", ".join(f"{self.expr(ty, columns, 1)} as c{at}" for at, ty in enumerate(types))
        return f"(select {items} from {table}{self.where(columns)}) {alias}", [(f"{alias}.c{at}", ty) for at, ty in enumerate(types)]

    def condition(self, left, right):
        pairs = [(a, b) for a, ta in left for b, tb in right if ta == tb and ta != "bool"]
        parts = []
        if pairs and self.chance(0.85):
            a, b = self.random.choice(pairs)
            parts.append(f"{a} = {b}" if self.chance(0.85) else f"{a} {self.random.choice(['<', '>=', 'is not distinct from'])} {b}")
        if not parts or self.chance(0.3):
            parts.append(self.bool(left + right, 1))
        return " and ".join(parts)

    def where(self, columns):
        return f" where {self.bool(columns, 2)}" if self.chance(0.6) else ""

    # Expressions.

    def exprs(self, columns, depth=2):
        return ", ".join(f"{self.expr(self.type(), columns, depth)} as e{at}" for at in range(self.random.randint(1, 3)))

    def type(self):
        return self.pick([(4, "int"), (3, "dbl"), (3, "text"), (2, "date"), (1, "ts"), (2, "bool")])

    def expr(self, ty, columns, depth):
        return getattr(self, ty)(columns, depth)

    def leaf(self, ty, columns, literal):
        own = [name for name, other in columns if other == ty]
        if own and self.chance(0.8):
            return self.random.choice(own)
        return "null::" + {"int": "integer", "dbl": "double", "text": "varchar", "date": "date", "ts": "timestamp", "bool": "boolean"}[ty] \
            if self.chance(0.08) else literal

    def any_type(self, ty, columns, depth):
        """What every type has: CASE, coalesce, nullif, greatest, a scalar subquery."""
        sub = lambda: self.expr(ty, columns, depth - 1)  # noqa: E731
        return self.pick([
            (3, lambda: f"case when {self.bool(columns, depth - 1)} then {sub()} else {sub()} end"),
            (1, lambda: f"case when {self.bool(columns, depth - 1)} then {sub()} end"),
            (2, lambda: f"coalesce({sub()}, {sub()})"),
            (1, lambda: f"nullif({sub()}, {sub()})"),
            (1, lambda: f"if({self.bool(columns, depth - 1)}, {sub()}, {sub()})"),
            (1, lambda: f"{self.random.choice(['greatest', 'least'])}({sub()}, {sub()})"),
            (1, lambda: self.scalar_query(ty, columns)),
        ])()

    def scalar_query(self, ty, columns):
        table, alias = self.random.choice(list(TABLES)), self.alias()
        own = self.columns(table, alias)
        keys = [(a, b) for a, ta in columns for b, tb in own if ta == tb == "int"]
        where = ""
        if keys and self.chance(0.6):
            a, b = self.random.choice(keys)
            where = f" where {b} = {a}"
        return f"(select {self.random.choice(['min', 'max'])}({self.expr(ty, own, 1)}) from {table} {alias}{where})"

    def int(self, columns, depth):
        if depth <= 0:
            return self.leaf("int", columns, str(self.random.choice([0, 1, 2, 3, -1, 7, 10, 100])))
        a, b = (lambda: self.int(columns, depth - 1)), (lambda: self.int(columns, depth - 1))
        return self.pick([
            (3, lambda: self.int(columns, 0)),
            (2, lambda: f"({a()} {self.random.choice(['+', '-'])} {b()})"),
            (1, lambda: f"({a()} * {self.random.randint(-3, 4)})"),
            (1, lambda: f"({a()} % {b()})"),
            (1, lambda: f"({a()} // {b()})"),
            (1, lambda: f"-{self.int(columns, 0) if depth == 1 else '(' + a() + ')'}" if not self.chance(0.3) else f"abs({a()})"),
            (1, lambda: f"sign({a()})::integer"),
            (2, lambda: f"length({self.text(columns, depth - 1)})"),
            (1, lambda: f"strpos({self.text(columns, depth - 1)}, {self.text(columns, 0)})"),
            (1, lambda: f"{self.random.choice(PARTS)}({self.date(columns, depth - 1)})" if self.chance(0.5)
                else f"extract({self.random.choice(PARTS)} from {self.expr(self.random.choice(['date', 'ts']), columns, depth - 1)})"),
            (1, lambda: f"date_diff('{self.random.choice(TRUNCS)}', {self.date(columns, depth - 1)}, {self.date(columns, depth - 1)})"),
            (1, lambda: f"({self.bool(columns, depth - 1)})::integer"),
            (1, lambda: f"({self.date(columns, depth - 1)} - {self.date(columns, 0)})"),
            (3, lambda: self.any_type("int", columns, depth)),
        ])()

    def dbl(self, columns, depth):
        if depth <= 0:
            return self.leaf("dbl", columns, self.random.choice(["0e0", "1.5e0", "-2.5e0", "1e3", "0.1e0", "100e0"]))
        a, b = (lambda: self.dbl(columns, depth - 1)), (lambda: self.dbl(columns, depth - 1))
        return self.pick([
            (3, lambda: self.dbl(columns, 0)),
            (3, lambda: f"({a()} {self.random.choice(['+', '-', '*', '/'])} {b()})"),
            (1, lambda: f"({self.int(columns, depth - 1)} / {self.int(columns, depth - 1)})"),
            (1, lambda: f"({a()} * {self.int(columns, depth - 1)})"),
            (1, lambda: f"{self.random.choice(['abs', 'floor', 'ceil', 'trunc', 'sign'])}({a()})::double"),
            (1, lambda: f"round({a()}, {self.random.randint(0, 2)})"),
            (1, lambda: f"sqrt(abs({a()}))"),
            (1, lambda: f"{self.int(columns, depth - 1)}::double"),
            (2, lambda: self.any_type("dbl", columns, depth)),
        ])()

    def text(self, columns, depth):
        if depth <= 0:
            return self.leaf("text", columns, "'" + self.random.choice(TEXTS) + "'")
        a, n = (lambda: self.text(columns, depth - 1)), (lambda: self.random.randint(-2, 5))
        return self.pick([
            (3, lambda: self.text(columns, 0)),
            (2, lambda: f"({a()} || {self.text(columns, depth - 1)})"),
            (2, lambda: f"{self.random.choice(['upper', 'lower', 'trim', 'reverse', 'ltrim'])}({a()})"),
            (2, lambda: f"substring({a()}, {n()}, {self.random.randint(0, 4)})"),
            (1, lambda: f"{self.random.choice(['left', 'right'])}({a()}, {n()})"),
            (1, lambda: f"replace({a()}, {self.text(columns, 0)}, 'z')"),
            (1, lambda: f"lpad({a()}, {self.random.randint(0, 6)}, '*')"),
            (1, lambda: f"split_part({a()}, 'a', {self.random.choice([1, 2, -1])})"),
            (1, lambda: f"concat({a()}, {self.int(columns, depth - 1)})"),
            (1, lambda: f"{self.expr(self.random.choice(['int', 'date', 'bool', 'ts']), columns, depth - 1)}::varchar"),
            (1, lambda: f"strftime({self.date(columns, depth - 1)}, '{self.random.choice(['%Y-%m', '%d.%m.%Y', '%b %y', '%j', '%A'])}')"),
            (2, lambda: self.any_type("text", columns, depth)),
        ])()

    def date(self, columns, depth):
        if depth <= 0:
            return self.leaf("date", columns, f"date '{self.random.choice(DATES)}'")
        a = lambda: self.date(columns, depth - 1)  # noqa: E731
        return self.pick([
            (4, lambda: self.date(columns, 0)),
            (1, lambda: f"({a()} + {self.random.choice([1, 7, -1, 30, 365])})"),
            (1, lambda: f"({a()} {self.random.choice('+-')} interval {self.random.randint(1, 13)} {self.random.choice(['day', 'month', 'year'])})::date"),
            (2, lambda: f"date_trunc('{self.random.choice(TRUNCS)}', {a()})::date"),
            (1, lambda: f"last_day({a()})"),
            (1, lambda: f"{self.ts(columns, depth - 1)}::date"),
            (1, lambda: self.any_type("date", columns, depth)),
        ])()

    def ts(self, columns, depth):
        if depth <= 0:
            return self.leaf("ts", columns, f"timestamp '{self.random.choice(DATES)} 23:59:59.5'")
        return self.pick([
            (3, lambda: self.ts(columns, 0)),
            (1, lambda: f"({self.ts(columns, depth - 1)} + interval {self.random.randint(1, 40)} {self.random.choice(['hour', 'day', 'month', 'second'])})"),
            (1, lambda: f"date_trunc('{self.random.choice(TRUNCS + ['hour'])}', {self.ts(columns, depth - 1)})"),
            (1, lambda: f"{self.date(columns, depth - 1)}::timestamp"),
            (1, lambda: self.any_type("ts", columns, depth)),
        ])()

    def bool(self, columns, depth):
        if depth <= 0:
            return self.leaf("bool", columns, self.random.choice(["true", "false"])) if self.chance(0.3) else self.simple(columns)
        sub = lambda: self.bool(columns, depth - 1)  # noqa: E731
        return self.pick([
            (5, lambda: self.simple(columns, depth)),
            (2, lambda: f"({sub()} and {sub()})"),
            (2, lambda: f"({sub()} or {sub()})"),
            (1, lambda: f"not ({sub()})"),
            (1, lambda: f"({sub()}) is {self.random.choice(['true', 'false', 'not true', 'null', 'not null'])}"),
            (1, lambda: self.subquery(columns)),
            (1, lambda: self.any_type("bool", columns, depth)),
        ])()

    def simple(self, columns, depth=1):
        ty = self.random.choice(["int", "int", "dbl", "text", "text", "date", "ts"])
        a = self.expr(ty, columns, depth - 1)
        b = lambda: self.expr(ty, columns, depth - 1)  # noqa: E731
        choices = [
            (5, lambda: f"{a} {self.random.choice(['=', '<>', '<', '<=', '>', '>='])} {b()}"),
            (1, lambda: f"{a} is {self.random.choice(['', 'not '])}distinct from {b()}"),
            (2, lambda: f"{a} is {self.random.choice(['', 'not '])}null"),
            (1, lambda: f"{a} {self.random.choice(['', 'not '])}between {b()} and {b()}"),
            (2, lambda: f"{a} {self.random.choice(['', 'not '])}in ({', '.join([b() for _ in range(self.random.randint(1, 3))])})"),
        ]
        if ty == "text":
            choices += [
                (2, lambda: f"{a} {self.random.choice(['', 'not '])}{self.random.choice(['like', 'ilike'])} '{self.random.choice(PATTERNS)}'"),
                (1, lambda: f"{self.random.choice(['starts_with', 'contains', 'ends_with'])}({a}, {b()})"),
                (1, lambda: f"regexp_matches({a}, '{self.random.choice(['^[a-m]', 'e+', '[0-9]', 'n$', '.', '^$'])}')"),
            ]
        return "(" + self.pick(choices)() + ")"

    def compare(self, a, ty):
        return f"{a} {self.random.choice(['=', '<>', '<', '<=', '>', '>='])} {self.expr(ty, [], 0)}"

    def subquery(self, columns):
        table, alias = self.random.choice(list(TABLES)), self.alias()
        own = self.columns(table, alias)
        ty = self.random.choice(["int", "text"])
        inside = [name for name, other in own if other == ty]
        if not inside:
            return "true"
        column, negated = self.random.choice(inside), self.random.choice(["", "", "not "])
        where = f" where {self.bool(own, 1)}" if self.chance(0.5) else ""
        a = self.expr(ty, columns, 0)
        return self.pick([
            (3, lambda: f"{a} {negated}in (select {column} from {table} {alias}{where})"),
            (2, lambda: f"{negated}exists (select 1 from {table} {alias}{where or ' where true'} and {column} = {a})"),
            (1, lambda: f"{a} {self.random.choice(['=', '<>', '<', '>='])} {self.random.choice(['any', 'all'])} (select {column} from {table} {alias}{where})"),
        ])()

    def aggregate(self, columns, ty=None):
        if ty == "int":
            choices = [(2, lambda: "count(*)"), (2, lambda: f"count({self.expr(self.type(), columns, 1)})"),
                       (1, lambda: f"count(distinct {self.expr(self.type(), columns, 1)})"),
                       (1, lambda: f"sum({self.small(columns)})")]
        else:
            kind = self.type()
            arg = self.expr(kind, columns, 1)
            choices = [
                (2, lambda: "count(*)"), (2, lambda: f"count({arg})"), (2, lambda: f"count(distinct {arg})"),
                (2, lambda: f"min({arg})"), (2, lambda: f"max({arg})"), (2, lambda: f"sum({self.small(columns)})"),
                (1, lambda: f"sum(distinct {self.small(columns)})"), (2, lambda: f"avg({self.small(columns)})"),
                (1, lambda: f"median({self.small(columns)})"), (1, lambda: f"quantile_cont({self.small(columns)}, 0.25)"),
                (1, lambda: f"{self.random.choice(['stddev_samp', 'var_pop', 'var_samp'])}({self.small(columns)})"),
                (1, lambda: f"{self.random.choice(['bool_and', 'bool_or'])}({self.bool(columns, 1)})"),
                (1, lambda: f"coalesce(count_if({self.bool(columns, 1)}), 0)"),
                (1, lambda: f"string_agg({self.text(columns, 1)}, ',' order by {self.text(columns, 0)}, {self.text(columns, 0)})"),
                (1, lambda: f"quantile_disc({arg if kind != 'bool' else self.small(columns)}, 0.5)"),
            ]
        text = self.pick(choices)()
        return f"{text} filter (where {self.bool(columns, 1)})" if self.chance(0.2) else text

    def small(self, columns):
        """A whole number that does not grow out of range when added up."""
        return self.pick([(2, lambda: f"({self.int(columns, 1)} % 1000)"), (1, lambda: f"length({self.text(columns, 1)})")])()

    def window(self, columns, key):
        partition = f"partition by {self.expr(self.type(), columns, 1)} " if self.chance(0.6) else ""
        order = f"{self.expr(self.type(), columns, 1)}{self.random.choice(['', ' desc', ' nulls first', ' desc nulls last'])}, {key}"
        frame = self.random.choice(["", "", " rows between 1 preceding and 1 following", " rows between unbounded preceding and current row",
                                    " rows between current row and unbounded following", " rows between 2 preceding and 1 preceding",
                                    " groups between 1 preceding and current row", " range between unbounded preceding and current row"])
        arg = self.expr(self.type(), columns, 1)
        ranking = lambda: self.random.choice(  # noqa: E731
            ["row_number()", "rank()", "dense_rank()", f"ntile({self.random.randint(1, 4)})", "percent_rank()", "cume_dist()"])
        offset = lambda: self.random.choice([f"lag({arg})", f"lead({arg}, 2)", f"lag({arg}, 1, {arg})"])  # noqa: E731
        over = lambda frame: f"over ({partition}order by {order}{frame})"  # noqa: E731
        return self.pick([
            (3, lambda: f"{ranking()} {over('')}"),
            (2, lambda: f"{offset()} {over('')}"),
            (2, lambda: f"{self.random.choice(['first_value', 'last_value'])}({arg}) {over(frame)}"),
            (1, lambda: f"nth_value({arg}, 2) {over(frame)}"),
            (3, lambda: f"{self.random.choice(['sum', 'avg', 'count', 'min', 'max'])}({self.small(columns)}) {over(frame)}"),
            (2, lambda: f"{self.random.choice(['count', 'min', 'max'])}({arg}) over ({partition.strip()})"),
        ])()

    # Choices.

    def chance(self, share):
        return self.random.random() < share

    def pick(self, weighted):
        return self.random.choices([choice for _, choice in weighted], [weight for weight, _ in weighted])[0]
