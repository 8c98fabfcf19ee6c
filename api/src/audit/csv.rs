//! Tables for spreadsheets (RFC 4180): what would be taken for a formula is not one (security.md D29).

use std::borrow::Cow;

use csv::{QuoteStyle, Terminator, WriterBuilder};

use crate::problem::{Problem, Result};

/// One line, with its end. Every cell is quoted.
pub fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> Result<String> {
    let mut writer = WriterBuilder::new()
        .quote_style(QuoteStyle::Always)
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    writer
        .write_record(cells.into_iter().map(|text| text_only(text).into_owned()))
        .map_err(Problem::internal)?;
    let bytes = writer.into_inner().map_err(|error| Problem::internal(error.into_error()))?;
    String::from_utf8(bytes).map_err(Problem::internal)
}

/// A spreadsheet runs what starts with one of these, and takes an apostrophe for "this is text".
fn text_only(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}").into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formula_table() {
        for (text, expected) in [
            ("=1+1", "\"'=1+1\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("\r=1", "\"'\r=1\""),
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("Amy Lee", "\"Amy Lee\""),
            ("a=1", "\"a=1\""),
            ("a, b", "\"a, b\""),
            ("a\nb", "\"a\nb\""),
            ("", "\"\""),
        ] {
            assert_eq!(line([text]).expect("a line"), format!("{expected}\r\n"), "{text:?}");
        }
        assert_eq!(line(["a", "=b"]).expect("a line"), "\"a\",\"'=b\"\r\n");
    }
}
