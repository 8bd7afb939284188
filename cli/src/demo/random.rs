//! Random numbers that do not depend on the order of work: each draw has an address (seed, stream, entity, moment).
//!
//! A new table, ten times the accounts or another number of threads leave every other draw as it was. All own code and
//! `libm`, so that the same seed gives the same bytes on every machine and with every version of a library.

/// Spreads the bits of a counter: SplitMix64, <https://prng.di.unimi.it/splitmix64.c>.
fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The seed of a whole world; gives out streams.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seed(pub(crate) u64);

impl Seed {
    /// The stream of that name for one entity at one moment. Streams of different addresses are independent.
    pub(crate) fn stream(self, name: &str, entity: u64, moment: u64) -> Random {
        let name = almanac_model::ahead::fnv1a(name.as_bytes());
        let state = mix(self.0 ^ mix(name ^ mix(entity ^ mix(moment))));
        Random { state }
    }
}

/// A stream of random numbers.
#[derive(Debug, Clone)]
pub(crate) struct Random {
    state: u64,
}

impl Random {
    fn next(&mut self) -> u64 {
        let value = mix(self.state);
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        value
    }

    /// Uniform in [0, 1).
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform in 0..n.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below n")]
    pub(crate) fn below(&mut self, n: u32) -> u32 {
        ((self.unit() * f64::from(n)) as u32).min(n.saturating_sub(1))
    }

    /// True with that probability.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// The whole number below or above `x`, so that the mean is `x`.
    pub(crate) fn round(&mut self, x: f64) -> u32 {
        whole(x + self.unit())
    }

    /// Normal with mean 0 and deviation 1, by Box and Muller.
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.unit()));
        radius * libm::cos(std::f64::consts::TAU * self.unit())
    }

    /// Lognormal with that median and deviation of the logarithm.
    pub(crate) fn lognormal(&mut self, median: f64, sigma: f64) -> f64 {
        median * libm::exp(sigma * self.normal())
    }

    /// Poisson, by inversion; large means as sums of smaller ones, which is exact.
    pub(crate) fn poisson(&mut self, mean: f64) -> u32 {
        let mut left = mean.max(0.0);
        let mut count = 0;
        while left > 0.0 {
            let part = left.min(30.0);
            left -= part;
            let mut term = libm::exp(-part);
            let mut u = self.unit();
            let mut k = 0_u32;
            while u >= term && term > 0.0 {
                u -= term;
                k += 1;
                term *= part / f64::from(k);
            }
            count += k;
        }
        count
    }

    /// Successes in `n` trials.
    pub(crate) fn binomial(&mut self, n: u32, probability: f64) -> u32 {
        (0..n).map(|_| u32::from(self.chance(probability))).sum()
    }

    /// Failures before a success, with that mean.
    pub(crate) fn geometric(&mut self, mean: f64) -> u32 {
        whole(libm::log(1.0 - self.unit()) / libm::log(mean / (1.0 + mean)))
    }

    /// Gamma with that shape and scale 1, by Marsaglia and Tsang (ACM TOMS 26, 2000).
    pub(crate) fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let power = libm::pow(1.0 - self.unit(), 1.0 / shape);
            return self.gamma(shape + 1.0) * power;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / libm::sqrt(9.0 * d);
        loop {
            let x = self.normal();
            let v = libm::pow(1.0 + c * x, 3.0);
            if v > 0.0 && libm::log(1.0 - self.unit()) < 0.5 * x * x + d - d * v + d * libm::log(v) {
                return d * v;
            }
        }
    }

    /// An index, by weights of any sum.
    pub(crate) fn pick(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// One of these.
    pub(crate) fn one_of<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(u32::try_from(from.len()).unwrap_or(u32::MAX)) as usize]
    }
}

/// The whole part of a number that is not negative.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast from float saturates")]
pub(crate) fn whole(x: f64) -> u32 {
    x as u32
}

/// 1 / (1 + e^-x).
pub(crate) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean_of(n: u32, mut draw: impl FnMut(&mut Random) -> f64) -> (f64, f64) {
        let mut random = Seed(1).stream("test", 0, 0);
        let values: Vec<f64> = (0..n).map(|_| draw(&mut random)).collect();
        let mean = values.iter().sum::<f64>() / f64::from(n);
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / f64::from(n);
        (mean, variance)
    }

    #[test]
    fn first_number_of_splitmix64_is_the_published_one() {
        // The reference implementation, seeded with 1234567, begins with this number.
        assert_eq!(mix(1_234_567), 6_457_827_717_110_365_317);
    }

    /// Means and variances from the textbook formulas, within five standard errors.
    #[test]
    fn samplers_have_the_moments_of_their_distributions() {
        type Draw = fn(&mut Random) -> f64;
        let cases: [(Draw, f64, f64); 8] = [
            (Random::unit, 0.5, 1.0 / 12.0),
            (Random::normal, 0.0, 1.0),
            (|r| f64::from(r.poisson(3.0)), 3.0, 3.0),
            (|r| f64::from(r.poisson(70.0)), 70.0, 70.0),
            (|r| f64::from(r.binomial(20, 0.3)), 6.0, 4.2),
            (|r| f64::from(r.geometric(1.4)), 1.4, 1.4 * 2.4),
            (|r| r.gamma(3.0), 3.0, 3.0),
            (|r| r.gamma(0.8), 0.8, 0.8),
        ];
        for (index, (draw, mean, variance)) in cases.into_iter().enumerate() {
            let n = 100_000;
            let (m, v) = mean_of(n, draw);
            let error = (variance / f64::from(n)).sqrt();
            assert!((m - mean).abs() < 5.0 * error, "case {index}: mean {m}, expected {mean}");
            assert!((v / variance - 1.0).abs() < 0.05, "case {index}: variance {v}, expected {variance}");
        }
    }

    #[test]
    fn streams_differ_by_each_part_of_their_address() {
        let seed = Seed(20_251_130);
        let first = seed.stream("a", 1, 2).unit();
        assert!((first - seed.stream("a", 1, 2).unit()).abs() < f64::EPSILON);
        for other in [seed.stream("b", 1, 2), seed.stream("a", 2, 1), seed.stream("a", 1, 3), Seed(1).stream("a", 1, 2)]
        {
            assert!((first - other.clone().unit()).abs() > f64::EPSILON);
        }
    }

    #[test]
    fn pick_follows_the_weights() {
        let (mean, _) = mean_of(50_000, |r| if r.pick(&[1.0, 2.0, 1.0]) == 1 { 1.0 } else { 0.0 });
        assert!((mean - 0.5).abs() < 0.01);
    }
}
