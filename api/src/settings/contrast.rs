//! Whether white words can be read on a colour (WCAG 2.2, 1.4.3).

use sealpost_shared::text::Color;

/// The least contrast between words and what they stand on.
pub const LEAST: f64 = 4.5;

/// Of white words on this colour, from 1 to 21.
pub fn with_white(color: &Color) -> f64 {
    let part = |at: usize| {
        let digits = color.as_str().get(at..at + 2).unwrap_or_default();
        linear(f64::from(u8::from_str_radix(digits, 16).unwrap_or(0)) / 255.0)
    };
    let luminance = 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
    1.05 / (luminance + 0.05)
}

fn linear(value: f64) -> f64 {
    if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

/// Cut and not rounded: 4.499 is not 4.5.
pub fn figure(contrast: f64) -> String {
    format!("{:.2}:1", (contrast * 100.0).floor() / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrasts_are_those_of_the_standard() {
        for (color, wanted) in [
            ("#000000", "21.00:1"),
            ("#ffffff", "1.00:1"),
            ("#767676", "4.54:1"),
            ("#777777", "4.47:1"),
            ("#ff0000", "3.99:1"),
            ("#0000ff", "8.59:1"),
            ("#0f6e6e", "6.04:1"),
        ] {
            assert_eq!(figure(with_white(&color.parse().expect("a colour"))), wanted, "{color}");
        }
    }
}
