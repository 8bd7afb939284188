// Numbers about numbers.

/** The middle value. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Geometric mean: of ratios, the mean that does not depend on which side is the divisor. */
export function geomean(values) {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** Sum. */
export function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

/** Not more digits than a measurement deserves. */
export function round(value) {
  if (value === undefined || value === null) return value;
  return Number(value.toPrecision(4));
}
