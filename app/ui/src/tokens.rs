//! The contrast of every pair of colours that meet, computed from `tokens.css` by the formulas of WCAG 2.2 and CSS Color 4.

use std::collections::BTreeMap;

const TOKENS: &str = include_str!("../styles/tokens.css");

/// Lightness, chroma, hue in degrees.
type Oklch = [f64; 3];

/// Words on what they stand on: 4.5 : 1.
const TEXT: &[(&str, &str)] = &[
    ("text", "surface"),
    ("text", "surface-sunken"),
    ("text", "surface-raised"),
    ("text", "surface-hover"),
    ("text", "accent-soft"),
    ("text", "selection"),
    ("text", "bad-soft"),
    ("text", "notice-soft"),
    ("text", "good-soft"),
    ("text-muted", "surface"),
    ("text-muted", "surface-sunken"),
    ("text-muted", "surface-raised"),
    ("text-muted", "surface-hover"),
    ("text-muted", "bad-soft"),
    ("text-muted", "notice-soft"),
    ("accent-text", "surface"),
    ("accent-text", "surface-sunken"),
    ("accent-text", "surface-raised"),
    ("accent-text", "accent-soft"),
    ("on-accent", "accent"),
    ("good", "surface"),
    ("bad", "surface"),
    ("bad", "bad-soft"),
    ("notice", "surface"),
    ("notice", "notice-soft"),
    ("code-keyword", "surface-raised"),
    ("code-string", "surface-raised"),
    ("code-number", "surface-raised"),
    ("code-function", "surface-raised"),
    ("code-keyword", "surface-hover"),
    ("code-string", "surface-hover"),
    ("code-number", "surface-hover"),
    ("code-function", "surface-hover"),
];

/// Marks and borders of controls on what they stand on: 3 : 1.
const MARKS: &[(&str, &str)] = &[
    ("accent", "surface"),
    ("accent", "surface-sunken"),
    ("accent", "surface-raised"),
    ("line-strong", "surface"),
    ("line-strong", "surface-raised"),
    ("notice", "surface"),
    ("bad", "surface"),
    ("mark", "surface"),
    ("series-1", "surface"),
    ("series-2", "surface"),
    ("series-3", "surface"),
    ("series-4", "surface"),
    ("series-5", "surface"),
    ("series-6", "surface"),
    ("series-7", "surface"),
    ("series-8", "surface"),
    ("role-actual", "surface"),
    ("role-previous", "surface"),
];

/// The colour tokens: light and dark.
fn tokens() -> BTreeMap<&'static str, [Oklch; 2]> {
    TOKENS
        .lines()
        .filter_map(|line| line.trim().strip_prefix("--")?.split_once(": light-dark("))
        .filter_map(|(name, value)| {
            let colours: Vec<Oklch> = value.split("oklch(").skip(1).filter_map(oklch).collect();
            Some((name, colours.try_into().ok()?))
        })
        .collect()
}

fn oklch(text: &str) -> Option<Oklch> {
    let numbers: Vec<f64> =
        text.split(')').next()?.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    numbers.try_into().ok()
}

/// Linear sRGB, cut off to what a screen shows (<https://www.w3.org/TR/css-color-4/#color-conversion-code>).
fn linear([lightness, chroma, hue]: Oklch) -> [f64; 3] {
    let (a, b) = (chroma * hue.to_radians().cos(), chroma * hue.to_radians().sin());
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548 * b).powi(3);
    [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s,
    ]
    .map(|channel| channel.clamp(0.0, 1.0))
}

/// Relative luminance (<https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>).
fn luminance(colour: Oklch) -> f64 {
    let [r, g, b] = linear(colour);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(a: Oklch, b: Oklch) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn too_low(pairs: &[(&str, &str)], least: f64) -> Vec<String> {
    let tokens = tokens();
    let mut found = Vec::new();
    for (front, back) in pairs {
        let (front_colours, back_colours) = (tokens[front], tokens[back]);
        for (index, scheme) in ["light", "dark"].into_iter().enumerate() {
            let ratio = contrast(front_colours[index], back_colours[index]);
            if ratio < least {
                found.push(format!("{front} on {back}, {scheme}: {ratio:.2}"));
            }
        }
    }
    found
}

#[test]
fn the_formulas_give_published_values() {
    // White on black is 21 : 1; #777777 on white is 4.48 : 1 (the well-known case just below the limit).
    assert!((contrast([1.0, 0.0, 0.0], [0.0, 0.0, 0.0]) - 21.0).abs() < 0.01);
    assert!((contrast([1.0, 0.0, 0.0], [0.568_6, 0.0, 0.0]) - 4.48).abs() < 0.05);
}

#[test]
fn words_can_be_read() {
    assert_eq!(too_low(TEXT, 4.5), Vec::<String>::new());
}

#[test]
fn marks_can_be_seen() {
    assert_eq!(too_low(MARKS, 3.0), Vec::<String>::new());
}

#[test]
fn neighbouring_series_differ_in_greyscale() {
    let tokens = tokens();
    for scheme in [0, 1] {
        for number in 1..8 {
            let lightness = |number: u32| tokens[format!("series-{number}").as_str()][scheme][0];
            let step = (lightness(number) - lightness(number + 1)).abs();
            assert!(step >= 0.05, "series-{number} and its neighbour, scheme {scheme}: {step:.2}");
        }
    }
}
