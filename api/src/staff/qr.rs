//! A QR code as one SVG path: no markup, so that a page can draw it under a strict content policy.

use std::fmt::Write as _;

use qrcodegen::{QrCode as Code, QrCodeEcc};
use sealpost_shared::staff::QrCode;

use crate::problem::{Problem, Result};

/// The white frame that readers look for, in modules.
const QUIET: i32 = 4;

/// Each run of dark modules in a row is one rectangle.
pub(super) fn draw(text: &str) -> Result<QrCode> {
    let code = Code::encode_text(text, QrCodeEcc::Medium).map_err(Problem::internal)?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|x| code.get_module(*x, y)).count() as i32;
            if run > 0 {
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
    Ok(QrCode { size: (code.size() + 2 * QUIET).unsigned_abs(), path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_holds_the_dark_modules_and_the_frame_none() {
        let code = Code::encode_text("otpauth://totp/x", QrCodeEcc::Medium).expect("a code");
        let dark = (0..code.size())
            .flat_map(|y| (0..code.size()).map(move |x| (x, y)))
            .filter(|(x, y)| code.get_module(*x, *y))
            .count();
        let drawn = draw("otpauth://totp/x").expect("drawn");
        assert_eq!(drawn.size, code.size().unsigned_abs() + 8);
        let runs = drawn.path.split('h').skip(1).step_by(2);
        let area: usize =
            runs.map(|run| run.split('v').next().and_then(|n| n.parse().ok()).unwrap_or(0)).sum();
        assert_eq!(area, dark);
        assert!(drawn.path.starts_with("M4 4h7v1h-7z"), "{}", drawn.path);
    }
}
