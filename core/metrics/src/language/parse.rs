//! Words to an expression, by precedence: `or`, `and`, `not`, comparison, `+ -`, `* /`, sign.

use super::words::{Word, words};
use crate::tree::{Aggregate, AggregateFunction, Binary, Expr, Function, Unary};
use almanac_model::format::parse_date;
use almanac_model::metric::{Grain, Written};
use almanac_model::{Diagnostic, Span, Type, Value};

const CODE: &str = "expression-syntax";
/// Longest expression, in bytes.
const LONGEST: usize = 4_000;
/// Deepest nesting.
const DEEPEST: usize = 40;

const SCALAR: [(&str, Function, usize, usize); 8] = [
    ("coalesce", Function::Coalesce, 2, 8),
    ("nullif", Function::NullIf, 2, 2),
    ("least", Function::Least, 2, 8),
    ("greatest", Function::Greatest, 2, 8),
    ("abs", Function::Abs, 1, 1),
    ("round", Function::Round, 1, 2),
    ("lower", Function::Lower, 1, 1),
    ("upper", Function::Upper, 1, 1),
];
const MANY: [(&str, AggregateFunction); 6] = [
    ("sum", AggregateFunction::Sum),
    ("count", AggregateFunction::Count),
    ("avg", AggregateFunction::Avg),
    ("min", AggregateFunction::Min),
    ("max", AggregateFunction::Max),
    ("median", AggregateFunction::Quantile(0.5)),
];
const OTHERS: [&str; 8] =
    ["quantile", "share", "count_if", "month_start", "add_months", "days_between", "cast", "date"];

/// Reads a measure, a filter or a derived expression.
///
/// ```
/// use almanac_metrics::parse_expression;
/// use almanac_model::metric::Written;
///
/// let written = |text: &str| Written { text: text.into(), plain: true, ..Written::default() };
/// assert!(parse_expression(&written("sum(amount_usd) / count(distinct deal_id)")).is_ok());
/// let problem = parse_expression(&written("summ(amount_usd)")).unwrap_err();
/// assert_eq!(problem.hints, ["did you mean `sum`?"]);
/// ```
///
/// # Errors
/// What is wrong, at its place in the file when the text stands there as it is, else at the whole text.
pub fn parse_expression(written: &Written) -> Result<Expr, Box<Diagnostic>> {
    let text = written.text.as_str();
    let parsed = if text.len() > LONGEST {
        Err(Diagnostic::error(CODE, Span::new(0, text.len()), "this expression is too long"))
    } else {
        words(text).and_then(|words| Parser { words, at: 0, depth: 0 }.whole())
    };
    parsed.map_err(|mut problem| {
        problem.span = Some(match problem.span {
            Some(span) if written.plain => span.shifted(written.span.start),
            _ => written.span,
        });
        Box::new(problem)
    })
}

type Read = Result<Expr, Diagnostic>;

struct Parser {
    words: Vec<(Word, Span)>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn whole(mut self) -> Read {
        let expr = self.either()?;
        if self.at < self.words.len() {
            return Err(self.unexpected("the end"));
        }
        Ok(expr)
    }

    fn span(&self) -> Span {
        // Where the expression ends too early, its last word is the one to look at.
        self.words.get(self.at).or(self.words.last()).map_or(Span::default(), |(_, span)| *span)
    }

    fn unexpected(&self, wanted: &str) -> Diagnostic {
        let message = match self.words.get(self.at) {
            None => format!("expected {wanted}, but the expression ends here"),
            Some((Word::Name(name), _)) => format!("expected {wanted}, found `{name}`"),
            Some((Word::Sign(sign), _)) => format!("expected {wanted}, found `{sign}`"),
            Some(_) => format!("expected {wanted}, found a value"),
        };
        Diagnostic::error(CODE, self.span(), message)
    }

    fn sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.words.get(self.at), Some((Word::Sign(at), _)) if *at == sign);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, name: &str) -> bool {
        let found = matches!(self.words.get(self.at), Some((Word::Name(at), _)) if at == name);
        self.at += usize::from(found);
        found
    }

    fn need(&mut self, sign: &str) -> Result<(), Diagnostic> {
        if self.sign(sign) { Ok(()) } else { Err(self.unexpected(&format!("`{sign}`"))) }
    }

    fn need_word(&mut self, name: &str) -> Result<(), Diagnostic> {
        if self.word(name) { Ok(()) } else { Err(self.unexpected(&format!("`{name}`"))) }
    }

    fn either(&mut self) -> Read {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Diagnostic::error(CODE, self.span(), "this expression is nested too deeply"));
        }
        let mut left = self.both()?;
        while self.word("or") {
            left = left.op(Binary::Or, self.both()?);
        }
        self.depth -= 1;
        Ok(left)
    }

    fn both(&mut self) -> Read {
        let mut left = self.negation()?;
        while self.word("and") {
            left = left.op(Binary::And, self.negation()?);
        }
        Ok(left)
    }

    fn negation(&mut self) -> Read {
        let mut count = 0;
        while self.word("not") {
            count += 1;
        }
        let inner = self.comparison()?;
        Ok((0..count % 2).fold(inner, |inner, _| Expr::Unary(Unary::Not, Box::new(inner))))
    }

    fn comparison(&mut self) -> Read {
        const COMPARISONS: [(&str, Binary); 7] = [
            ("=", Binary::Equal),
            ("<>", Binary::NotEqual),
            ("!=", Binary::NotEqual),
            ("<=", Binary::LessOrEqual),
            (">=", Binary::GreaterOrEqual),
            ("<", Binary::Less),
            (">", Binary::Greater),
        ];
        let left = self.sum()?;
        if self.word("is") {
            let negated = self.word("not");
            self.need_word("null")?;
            return Ok(Expr::IsNull(Box::new(left), negated));
        }
        let negated = self.word("not");
        if self.word("in") {
            self.need("(")?;
            let items = self.list()?;
            return Ok(Expr::In(Box::new(left), items, negated));
        }
        if self.word("between") {
            let low = self.sum()?;
            self.need_word("and")?;
            return Ok(Expr::Between(Box::new(left), Box::new(low), Box::new(self.sum()?), negated));
        }
        if negated {
            return Err(self.unexpected("`in` or `between` after `not`"));
        }
        for (sign, operator) in COMPARISONS {
            if self.sign(sign) {
                return Ok(left.op(operator, self.sum()?));
            }
        }
        Ok(left)
    }

    fn sum(&mut self) -> Read {
        let mut left = self.product()?;
        loop {
            let operator = if self.sign("+") {
                Binary::Add
            } else if self.sign("-") {
                Binary::Subtract
            } else {
                return Ok(left);
            };
            left = left.op(operator, self.product()?);
        }
    }

    fn product(&mut self) -> Read {
        let mut left = self.signed()?;
        loop {
            let operator = if self.sign("*") {
                Binary::Multiply
            } else if self.sign("/") {
                Binary::Divide
            } else {
                return Ok(left);
            };
            left = left.op(operator, self.signed()?);
        }
    }

    fn signed(&mut self) -> Read {
        let mut negative = false;
        while self.sign("-") {
            negative = !negative;
        }
        let inner = self.atom()?;
        Ok(match inner {
            Expr::Literal(Value::Int(value)) if negative => Expr::int(-value),
            Expr::Literal(Value::Double(value)) if negative => Expr::Literal(Value::Double(-value)),
            inner if negative => Expr::Unary(Unary::Negative, Box::new(inner)),
            inner => inner,
        })
    }

    fn atom(&mut self) -> Read {
        let place = self.span();
        let Some((word, _)) = self.words.get(self.at).cloned() else { return Err(self.unexpected("a value")) };
        self.at += 1;
        match word {
            Word::Int(value) => Ok(Expr::int(value)),
            Word::Double(value) => Ok(Expr::Literal(Value::Double(value))),
            Word::Text(text) => Ok(Expr::Literal(Value::Text(text))),
            Word::Sign("(") => {
                let inner = self.either()?;
                self.need(")")?;
                Ok(inner)
            }
            Word::Name(name) => self.name(&name, place),
            Word::Sign(_) => {
                self.at -= 1;
                Err(self.unexpected("a value"))
            }
        }
    }

    fn name(&mut self, name: &str, place: Span) -> Read {
        match name {
            "true" => return Ok(Expr::Literal(Value::Boolean(true))),
            "false" => return Ok(Expr::Literal(Value::Boolean(false))),
            "null" => return Ok(Expr::Literal(Value::Null)),
            "as_of" => return Ok(Expr::AsOf),
            "case" => return self.case(),
            "date" if matches!(self.words.get(self.at), Some((Word::Text(_), _))) => return self.date(),
            "and" | "or" | "not" | "in" | "is" | "between" | "when" | "then" | "else" | "end" | "select" => {
                self.at -= 1;
                return Err(self.unexpected("a value"));
            }
            _ => {}
        }
        if self.sign("(") { self.call(name, place) } else { Ok(Expr::column(name)) }
    }

    fn date(&mut self) -> Read {
        let place = self.span();
        let day = match self.words.get(self.at) {
            Some((Word::Text(text), _)) => parse_date(text),
            _ => None,
        };
        self.at += 1;
        let wrong = || Diagnostic::error(CODE, place, "this is no day").hint("write days as `date '2025-11-30'`");
        day.map(|day| Expr::Literal(Value::Date(day))).ok_or_else(wrong)
    }

    fn case(&mut self) -> Read {
        let mut whens = Vec::new();
        while self.word("when") {
            let when = self.either()?;
            self.need_word("then")?;
            whens.push((when, self.either()?));
        }
        let otherwise = if self.word("else") { Some(Box::new(self.either()?)) } else { None };
        self.need_word("end")?;
        if whens.is_empty() {
            return Err(self.unexpected("`when`"));
        }
        Ok(Expr::Case(whens, otherwise))
    }

    /// Expressions up to the closing parenthesis.
    fn list(&mut self) -> Result<Vec<Expr>, Diagnostic> {
        let mut items = vec![self.either()?];
        while self.sign(",") {
            items.push(self.either()?);
        }
        self.need(")")?;
        Ok(items)
    }

    fn call(&mut self, name: &str, place: Span) -> Read {
        if name == "cast" {
            return self.cast();
        }
        if let Some((_, function)) = MANY.iter().find(|(known, _)| *known == name) {
            return self.aggregate(*function);
        }
        let known = SCALAR.iter().map(|(name, ..)| *name).chain(MANY.iter().map(|(name, _)| *name)).chain(OTHERS);
        if !known.clone().any(|known| known == name) {
            let problem =
                Diagnostic::error(CODE, place, format!("there is no function `{name}` in measures and filters"));
            let problem = problem.did_you_mean(name, known.clone());
            let listed: Vec<&str> = known.collect();
            return Err(if problem.hints.is_empty() {
                problem.hint(format!("the functions are {}", listed.join(", ")))
            } else {
                problem
            });
        }
        let mut arguments = self.list()?;
        let count = arguments.len();
        let wrong = |wanted: &str| Diagnostic::error(CODE, place, format!("`{name}` takes {wanted}, here are {count}"));
        if let Some((_, function, least, most)) = SCALAR.iter().find(|(known, ..)| *known == name) {
            if !(*least..=*most).contains(&count) {
                return Err(wrong(&format!("{least} to {most} values")));
            }
            return Ok(Expr::Call(*function, arguments));
        }
        let second = if count == 2 { arguments.pop() } else { None };
        let first = if count <= 2 { arguments.pop() } else { None };
        let number = |value: f64| Expr::Literal(Value::Double(value));
        match (name, first, second) {
            ("quantile", Some(x), Some(Expr::Literal(Value::Double(share)))) if (0.0..=1.0).contains(&share) => {
                Ok(many(AggregateFunction::Quantile(share), x))
            }
            ("quantile", ..) => Err(wrong("a column and a share between 0.0 and 1.0")),
            ("share", Some(x), None) => {
                Ok(many(AggregateFunction::Avg, Expr::Case(vec![(x, number(1.0))], Some(Box::new(number(0.0))))))
            }
            ("count_if", Some(x), None) => {
                Ok(many(AggregateFunction::Sum, Expr::Case(vec![(x, Expr::int(1))], Some(Box::new(Expr::int(0))))))
            }
            ("month_start", Some(x), None) => Ok(Expr::PeriodStart(Grain::Month, Box::new(x))),
            ("add_months", Some(x), Some(Expr::Literal(Value::Int(months)))) => match i32::try_from(months) {
                Ok(months) if months.abs() <= 1200 => Ok(Expr::MonthsLater(Box::new(x), months)),
                _ => Err(wrong("a day and at most 1200 months")),
            },
            ("add_months", ..) => Err(wrong("a day and a whole number of months")),
            ("days_between", Some(from), Some(to)) => Ok(Expr::DaysBetween(Box::new(from), Box::new(to))),
            ("days_between", ..) => Err(wrong("two days")),
            _ => Err(wrong("one value")),
        }
    }

    fn aggregate(&mut self, function: AggregateFunction) -> Read {
        if function == AggregateFunction::Count && self.sign("*") {
            self.need(")")?;
            return Ok(Expr::Aggregate(Aggregate { function, distinct: false, argument: None, filter: None }));
        }
        let distinct = self.word("distinct");
        let argument = Some(Box::new(self.either()?));
        self.need(")")?;
        Ok(Expr::Aggregate(Aggregate { function, distinct, argument, filter: None }))
    }

    fn cast(&mut self) -> Read {
        let inner = self.either()?;
        self.need_word("as")?;
        let types =
            [("double", Type::Double), ("bigint", Type::BigInt), ("varchar", Type::Varchar), ("date", Type::Date)];
        for (name, ty) in types {
            if self.word(name) {
                self.need(")")?;
                return Ok(Expr::Cast(Box::new(inner), ty));
            }
        }
        Err(self.unexpected("`double`, `bigint`, `varchar` or `date`"))
    }
}

fn many(function: AggregateFunction, argument: Expr) -> Expr {
    Expr::Aggregate(Aggregate { function, distinct: false, argument: Some(Box::new(argument)), filter: None })
}
