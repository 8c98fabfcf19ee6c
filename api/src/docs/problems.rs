//! The list of problem codes, made from the enum that answers are made of.

use std::fmt::Write as _;

use sealpost_shared::problem::ProblemCode;

use super::advice::advice;
use super::library::{Heading, Page};
use super::markdown::{escape, link_to};

pub const SLUG: &str = "problems";

/// One section per status, one entry per code: its anchor is what `type` of an answer leads to.
pub fn append(page: &mut Page) {
    let mut statuses: Vec<_> = ProblemCode::ALL.iter().map(|code| code.status()).collect();
    statuses.sort_unstable();
    statuses.dedup();
    for status in statuses {
        let text = format!("{status} {}", name_of(status));
        let anchor = format!("status-{status}");
        let _ = writeln!(page.body, "<h2 id=\"{anchor}\">{text}{}</h2>", link_to(&anchor, &text));
        page.headings.push(Heading { level: 2, anchor, text });
        for code in ProblemCode::ALL.iter().filter(|code| code.status() == status) {
            page.body.push_str(&entry(*code));
        }
    }
}

fn entry(code: ProblemCode) -> String {
    let name = code.as_str();
    let link = link_to(name, name);
    let title = escape(code.title());
    let meaning =
        if code.meaning().is_empty() { String::new() } else { format!("<p>{}</p>", inline(code.meaning())) };
    let advice = inline(advice(code));
    format!(
        "<section class=\"code\"><h3 id=\"{name}\"><code>{name}</code>{link}</h3>\n\
         <p><strong>{title}.</strong></p>{meaning}<p>What to do: {advice}</p></section>\n"
    )
}

/// The words between backticks are code; nothing else is marked up.
fn inline(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts
        .map(|(at, part)| if at % 2 == 1 { format!("<code>{}</code>", escape(part)) } else { escape(part) })
        .collect()
}

/// As RFC 9110 has it.
fn name_of(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        410 => "Gone",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Other",
    }
}
