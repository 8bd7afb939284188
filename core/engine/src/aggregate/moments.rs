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
            Joint::Slope => finite(self.products / self.x.squares),
            Joint::Intercept => finite(self.y.mean - self.products / self.x.squares * self.x.mean),
            Joint::R2 => match (self.x.squares == 0.0, self.y.squares == 0.0) {
                (true, _) => None,
                (false, true) => Some(1.0),
                (false, false) => Some(self.products * self.products / (self.x.squares * self.y.squares)),
            },
            Joint::Count => Some(n),
            Joint::AvgX => Some(self.x.mean),
            Joint::AvgY => Some(self.y.mean),
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

/// Skewness, or excess kurtosis, of a sample; NULL below three, or four, values or without spread.
/// Source: adjusted Fisher–Pearson coefficients, as in DuckDB.
pub(crate) fn shape(input: &Input<'_>, argument: &Column, kurtosis: bool) -> PolarsResult<Column> {
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
        if n < if kurtosis { 4.0 } else { 3.0 } || spread.squares == 0.0 {
            return None;
        }
        let variance = spread.squares / n;
        Some(if kurtosis {
            let plain = fourth / n / (variance * variance) - 3.0;
            (n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1.0) * plain + 6.0)
        } else {
            third / n / variance.powf(1.5) * (n * (n - 1.0)).sqrt() / (n - 2.0)
        })
    });
    Ok(Float64Chunked::from_iter_options(PlSmallStr::EMPTY, answers).into_column())
}

/// Geometric mean; NULL without values.
pub(crate) fn geomean(input: &Input<'_>, argument: &Column) -> PolarsResult<Column> {
    let values = doubles(argument)?;
    let mut sums = vec![(0.0, 0_u64); input.len()];
    input.each(Some(&|row| values.is_null(row)), |group, row| {
        sums[group].0 += values.get(row).unwrap_or(f64::NAN).ln();
        sums[group].1 += 1;
    });
    let answers = sums.iter().map(|(sum, count)| (*count > 0).then(|| (sum / *count as f64).exp()));
    Ok(Float64Chunked::from_iter_options(PlSmallStr::EMPTY, answers).into_column())
}
