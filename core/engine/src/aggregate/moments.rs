//! Variance, covariance, correlation and regression, by Welford's method, whose result does not lose digits to cancellation.
//! Source: B. P. Welford, "Note on a method for calculating corrected sums of squares and products", Technometrics 4 (1962).

use polars_core::prelude::*;

use super::input::Input;
use crate::physical::doubles;

/// Running count, mean and sum of squared distances from the mean.
#[derive(Debug, Clone, Copy, Default)]
struct Spread {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Spread {
    fn add(&mut self, x: f64) {
        self.count += 1.0;
        let before = x - self.mean;
        self.mean += before / self.count;
        self.squares += before * (x - self.mean);
    }
}

/// What is asked of one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Population variance.
    VarPop,
    /// Sample variance; NULL for one value.
    VarSamp,
    /// Population standard deviation.
    StddevPop,
    /// Sample standard deviation; NULL for one value.
    StddevSamp,
    /// Standard error of the mean: the population's deviation over the root of the count.
    Sem,
}

/// Spread of one column.
pub(crate) fn spread(input: &Input<'_>, argument: &Column, what: Moment) -> PolarsResult<Column> {
    let values = doubles(argument)?;
    let mut states = vec![Spread::default(); input.len()];
    input.each(Some(&|row| values.is_null(row)), |group, row| states[group].add(values.get(row).unwrap_or(f64::NAN)));
    let out = states.iter().map(|state| {
        let sample = matches!(what, Moment::VarSamp | Moment::StddevSamp);
        let divisor = if sample { state.count - 1.0 } else { state.count };
        if divisor < 1.0 {
            return None;
        }
        let variance = state.squares / divisor;
        Some(match what {
            Moment::VarPop | Moment::VarSamp => variance,
            Moment::StddevPop | Moment::StddevSamp => variance.sqrt(),
            Moment::Sem => (variance / state.count).sqrt(),
        })
    });
    Ok(Float64Chunked::from_iter_options(PlSmallStr::EMPTY, out).into_column())
}

/// What is asked of two columns: `y` first, then `x`, as in SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Joint {
    /// Population covariance.
    CovarPop,
    /// Sample covariance.
    CovarSamp,
    /// Pearson's correlation.
    Corr,
    /// Slope of the least-squares line.
    Slope,
    /// Its value at zero.
    Intercept,
    /// Share of the variance it explains.
    R2,
    /// Number of pairs.
    Count,
    /// Mean of `x` over the pairs.
    AvgX,
    /// Mean of `y` over the pairs.
    AvgY,
    /// Sum of squared distances of `x` from its mean.
    Sxx,
    /// Sum of squared distances of `y` from its mean.
    Syy,
    /// Sum of products of both.
    Sxy,
}

#[derive(Debug, Clone, Copy, Default)]
struct Pairs {
    y: Spread,
    x: Spread,
    products: f64,
}

impl Pairs {
    fn add(&mut self, y: f64, x: f64) {
        let before = x - self.x.mean;
        self.x.add(x);
        self.y.add(y);
        self.products += before * (y - self.y.mean);
    }

    fn answer(&self, what: Joint) -> Option<f64> {
        let n = self.x.count;
        let finite = |value: f64| (!value.is_nan()).then_some(value);
        if n == 0.0 {
            return None;
        }
        match what {
            Joint::CovarPop => Some(self.products / n),
            Joint::CovarSamp => (n > 1.0).then(|| self.products / (n - 1.0)),
            Joint::Corr => {
                // A column without spread has no correlation: NaN in DuckDB.
                Some(self.products / (self.x.squares.sqrt() * self.y.squares.sqrt()))
            }
            // Without spread of `x`: NaN in DuckDB, while the intercept is NULL.
            Joint::Slope => Some(self.products / self.x.squares),
            Joint::Intercept => finite(self.y.mean - self.products / self.x.squares * self.x.mean),
            Joint::R2 => match (self.x.squares == 0.0, self.y.squares == 0.0) {
                (true, _) => None,
                (false, true) => Some(1.0),
                (false, false) => Some(self.products * self.products / (self.x.squares * self.y.squares)),
            },
            Joint::Count => Some(n),
            Joint::AvgX => Some(self.x.mean),
            Joint::AvgY => Some(self.y.mean),
            Joint::Sxx => Some(self.x.squares),
            Joint::Syy => Some(self.y.squares),
            Joint::Sxy => Some(self.products),
        }
    }
}

/// How two columns go together; rows where either is NULL do not count.
pub(crate) fn joint(input: &Input<'_>, y: &Column, x: &Column, what: Joint) -> PolarsResult<Column> {
    let (y, x) = (doubles(y)?, doubles(x)?);
    let mut states = vec![Pairs::default(); input.len()];
    input.each(Some(&|row| y.is_null(row) || x.is_null(row)), |group, row| {
        states[group].add(y.get(row).unwrap_or(f64::NAN), x.get(row).unwrap_or(f64::NAN));
    });
    if what == Joint::Count {
        return Ok(Column::new(PlSmallStr::EMPTY, states.iter().map(|state| state.x.count as i64).collect::<Vec<_>>()));
    }
    Ok(Float64Chunked::from_iter_options(PlSmallStr::EMPTY, states.iter().map(|state| state.answer(what)))
        .into_column())
}

/// What is asked of the shape of one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Skewness of a sample; NULL below three values, NaN without spread.
    Skewness,
    /// Excess kurtosis of a sample; NULL below four values or without spread.
    Kurtosis,
    /// Excess kurtosis of a population; NULL for one value or without spread.
    KurtosisPop,
}

/// Skewness and kurtosis.
/// Source: adjusted Fisher–Pearson coefficients, as in DuckDB.
pub(crate) fn shape(input: &Input<'_>, argument: &Column, what: Shape) -> PolarsResult<Column> {
    let values = doubles(argument)?;
    let mut spreads = vec![Spread::default(); input.len()];
    input.each(Some(&|row| values.is_null(row)), |group, row| spreads[group].add(values.get(row).unwrap_or(f64::NAN)));
    let mut higher = vec![(0.0, 0.0); input.len()];
    input.each(Some(&|row| values.is_null(row)), |group, row| {
        let distance = values.get(row).unwrap_or(f64::NAN) - spreads[group].mean;
        higher[group].0 += distance.powi(3);
        higher[group].1 += distance.powi(4);
    });
    let answers = spreads.iter().zip(&higher).map(|(spread, (third, fourth))| {
        let n = spread.count;
        let least = match what {
            Shape::Skewness => 3.0,
            Shape::Kurtosis => 4.0,
            Shape::KurtosisPop => 2.0,
        };
        if n < least || spread.squares == 0.0 && what != Shape::Skewness {
            return None;
        }
        let variance = spread.squares / n;
        let plain = fourth / n / (variance * variance) - 3.0;
        Some(match what {
            Shape::Skewness => third / n / variance.powf(1.5) * (n * (n - 1.0)).sqrt() / (n - 2.0),
            Shape::Kurtosis => (n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1.0) * plain + 6.0),
            Shape::KurtosisPop => plain,
        })
    });
    Ok(Float64Chunked::from_iter_options(PlSmallStr::EMPTY, answers).into_column())
}

/// A sum that keeps what each addition rounds off, or the mean of it; of weighted values, their weighted mean.
/// Source: A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54 (1974).
#[derive(Debug, Clone, Copy, Default)]
struct Careful {
    sum: f64,
    lost: f64,
    count: f64,
}

impl Careful {
    fn add(&mut self, x: f64) {
        let sum = self.sum + x;
        self.lost += if self.sum.abs() >= x.abs() { (self.sum - sum) + x } else { (x - sum) + self.sum };
        self.sum = sum;
        self.count += 1.0;
    }

    fn total(&self) -> f64 {
        let total = self.sum + self.lost;
        // Infinities leave nothing behind that is a number.
        if total.is_nan() { self.sum } else { total }
    }
}

/// `fsum`, and `favg` when `mean`.
pub(crate) fn careful_sum(input: &Input<'_>, argument: &Column, mean: bool) -> PolarsResult<Column> {
    let values = doubles(argument)?;
    let mut states = vec![Careful::default(); input.len()];
    input.each(Some(&|row| values.is_null(row)), |group, row| states[group].add(values.get(row).unwrap_or(f64::NAN)));
    let answers = states
        .iter()
        .map(|state| (state.count > 0.0).then(|| if mean { state.total() / state.count } else { state.total() }));
    Ok(Float64Chunked::from_iter_options(PlSmallStr::EMPTY, answers).into_column())
}

/// `weighted_avg(value, weight)`; pairs with a NULL do not count.
pub(crate) fn weighted_avg(input: &Input<'_>, argument: &Column, weight: &Column) -> PolarsResult<Column> {
    let (values, weights) = (doubles(argument)?, doubles(weight)?);
    let mut states = vec![(0.0, 0.0, false); input.len()];
    input.each(Some(&|row| values.is_null(row) || weights.is_null(row)), |group, row| {
        let (x, weight) = (values.get(row).unwrap_or(f64::NAN), weights.get(row).unwrap_or(f64::NAN));
        let state = &mut states[group];
        *state = (state.0 + x * weight, state.1 + weight, true);
    });
    let answers = states.iter().map(|(sum, weights, any)| any.then(|| sum / weights));
    Ok(Float64Chunked::from_iter_options(PlSmallStr::EMPTY, answers).into_column())
}

/// Geometric mean; NULL without values, an error at zero and below, as in DuckDB.
pub(crate) fn geomean(input: &Input<'_>, argument: &Column) -> PolarsResult<Column> {
    let values = doubles(argument)?;
    let mut sums = vec![(0.0, 0_u64); input.len()];
    let mut refused = false;
    input.each(Some(&|row| values.is_null(row)), |group, row| {
        refused |= values.get(row).is_some_and(|x| x <= 0.0);
        sums[group].0 += values.get(row).unwrap_or(f64::NAN).ln();
        sums[group].1 += 1;
    });
    if refused {
        return Err(polars_err!(ComputeError: "a geometric mean needs numbers above zero"));
    }
    let answers = sums.iter().map(|(sum, count)| (*count > 0).then(|| (sum / *count as f64).exp()));
    Ok(Float64Chunked::from_iter_options(PlSmallStr::EMPTY, answers).into_column())
}
