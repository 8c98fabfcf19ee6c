//! An organization's colour, made safe to read: whatever it is, words on it and in it keep 4.5:1.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

type Rgb = [f64; 3];

const WHITE: Rgb = [255.0; 3];
/// The dark theme's `--paper`; `--brand-wash` is at most 30 % of the colour on it.
const DARK_PAPER: Rgb = [21.0, 29.0, 31.0];
/// WCAG 2.2 asks for 4.5; the rest covers rounding.
const ENOUGH: f64 = 4.6;
/// What WCAG 2.2 asks for (1.4.3).
pub const ENOUGH_CONTRAST: f64 = 4.5;

/// The four colours the styles take.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Accent {
    /// Under white words.
    brand: String,
    /// Words on light grounds.
    ink_light: String,
    /// Words on dark grounds.
    ink_dark: String,
}

/// Puts the colour into the page through the CSSOM: the policy allows no `style` attribute. No colour,
/// or one that is none, means the house colour.
pub fn wear_accent(color: Option<&str>) {
    let root = document().document_element().and_then(|root| root.dyn_into::<HtmlElement>().ok());
    if let Some(root) = root {
        wear_accent_on(&root, color);
    }
}

/// The same for a part of the page, whose styles take the three names anew.
pub fn wear_accent_on(element: &HtmlElement, color: Option<&str>) {
    let style = element.style();
    let accent = color.and_then(parse).map(accent);
    for (name, value) in [
        ("--brand", accent.as_ref().map(|accent| &accent.brand)),
        ("--brand-ink-light", accent.as_ref().map(|accent| &accent.ink_light)),
        ("--brand-ink-dark", accent.as_ref().map(|accent| &accent.ink_dark)),
    ] {
        // A custom property takes any value; there is nothing to refuse.
        let _ = match value {
            Some(value) => style.set_property(name, value),
            None => style.remove_property(name).map(|_| ()),
        };
    }
}

/// How well white words can be read on a colour; nothing when it is none.
pub fn contrast_with_white(color: &str) -> Option<f64> {
    parse(color).map(|color| contrast(color, WHITE))
}

/// The colour, darkened as far as white words need; nothing when it is none.
pub fn readable(color: &str) -> Option<String> {
    parse(color).map(|color| accent(color).brand)
}

fn accent(color: Rgb) -> Accent {
    let brand = until(color, [0.0; 3], |brand| contrast(brand, WHITE) >= ENOUGH);
    let ink_light = until(brand, [0.0; 3], |ink| contrast(ink, mix(brand, WHITE, 0.12)) >= ENOUGH);
    let ink_dark = until(brand, WHITE, |ink| {
        contrast(ink, mix(brand, DARK_PAPER, 0.30)).min(contrast(ink, DARK_PAPER)) >= ENOUGH
    });
    Accent { brand: hex(brand), ink_light: hex(ink_light), ink_dark: hex(ink_dark) }
}

/// The color, moved towards another in small steps until it is good.
fn until(color: Rgb, towards: Rgb, good: impl Fn(Rgb) -> bool) -> Rgb {
    (0..=50)
        .map(|step| mix(towards, color, f64::from(step) / 50.0).map(f64::round))
        .find(|color| good(*color))
        .unwrap_or(towards)
}

/// `share` of `a`, the rest of `b`.
fn mix(a: Rgb, b: Rgb, share: f64) -> Rgb {
    [0, 1, 2].map(|i| a[i] * share + b[i] * (1.0 - share))
}

fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Relative luminance as WCAG 2.2 defines it.
fn luminance(color: Rgb) -> f64 {
    let [r, g, b] = color.map(|value| {
        let value = value / 255.0;
        if value <= 0.04045 { value / 12.92 } else { power((value + 0.055) / 1.055, 2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

#[cfg(not(target_arch = "wasm32"))]
fn power(base: f64, exponent: f64) -> f64 {
    base.powf(exponent)
}

/// The browser has this function already.
#[cfg(target_arch = "wasm32")]
fn power(base: f64, exponent: f64) -> f64 {
    js_sys::Math::pow(base, exponent)
}

fn parse(color: &str) -> Option<Rgb> {
    let digits = color.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok().map(f64::from);
    Some([part(0)?, part(2)?, part(4)?])
}

fn hex(color: Rgb) -> String {
    let [r, g, b] = color.map(|value| value as u8);
    format!("#{r:02x}{g:02x}{b:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_contrast_whatever_the_colour() {
        for r in (0..=255u8).step_by(51) {
            for g in (0..=255u8).step_by(51) {
                for b in (0..=255u8).step_by(51) {
                    let color = [r, g, b].map(f64::from);
                    let made = accent(color);
                    let [brand, light, dark] = [&made.brand, &made.ink_light, &made.ink_dark]
                        .map(|text| parse(text).expect("a colour"));
                    assert!(contrast(brand, WHITE) >= 4.5, "{made:?}");
                    assert!(contrast(light, mix(brand, WHITE, 0.12)) >= 4.5, "{made:?}");
                    assert!(contrast(light, WHITE) >= 4.5, "{made:?}");
                    assert!(contrast(dark, mix(brand, DARK_PAPER, 0.30)) >= 4.5, "{made:?}");
                    assert!(contrast(dark, DARK_PAPER) >= 4.5, "{made:?}");
                }
            }
        }
    }

    #[test]
    fn a_colour_that_is_good_already_stays() {
        assert_eq!(accent(parse("#0f6e6e").expect("a colour")).brand, "#0f6e6e");
    }

    #[test]
    fn the_contrast_of_a_colour_is_a_figure_and_can_be_mended() {
        let shown = |color: &str| contrast_with_white(color).map(|ratio| (ratio * 100.0).round() / 100.0);
        assert_eq!(shown("#000000"), Some(21.0));
        assert_eq!(shown("#ffffff"), Some(1.0));
        assert_eq!(shown("#767676"), Some(4.54));
        assert_eq!(shown("teal"), None);
        let darker = readable("#7fd1c7").expect("a colour");
        assert!(contrast_with_white(&darker).expect("a colour") >= ENOUGH_CONTRAST, "{darker}");
    }

    #[test]
    fn what_is_no_colour_is_refused() {
        for bad in ["", "red", "#fff", "#12345", "#gggggg", "#ééé"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
