//! The page around a text: what is where, where one is, and the way on.

use std::fmt::Write as _;

use super::assets;
use super::library::{self, Heading, Page};
use super::markdown::escape;

/// A page of the documentation as a whole document. `origin` is where this installation answers; the texts
/// speak of the demo's, which is what a copied command should not do elsewhere.
pub fn page(page: &Page, origin: &str) -> String {
    let body = page.body.replace("http://localhost:8080", &escape(origin));
    let main = format!("<h1>{}</h1>\n{body}{}", escape(&page.title), next(page.slug));
    frame(&page.title, Some(page.slug), &main, &contents(&page.headings))
}

/// What stands where no page is: where to go instead.
pub fn not_found() -> String {
    let main = format!(
        "<h1>There is no such page</h1>\n<p>It may have moved. These are all the pages:</p>\n<ul>{}\
         <li><a href=\"/docs/api\">API reference</a></li></ul>",
        list(None)
    );
    frame("There is no such page", None, &main, "")
}

fn frame(title: &str, current: Option<&str>, main: &str, contents: &str) -> String {
    let head = head(title);
    let pages = list(current);
    format!(
        "{head}<body>\n<a class=\"skip\" href=\"#content\">Skip to the text</a>\n{HEADER}\n<div class=\"frame\">\n\
         <nav class=\"pages\" id=\"pages\" aria-label=\"Documentation\"><ul>{pages}</ul></nav>\n\
         <main id=\"content\" tabindex=\"-1\">{main}</main>\n{contents}</div>\n</body>\n</html>\n"
    )
}

/// Everything before the body.
pub fn head(title: &str) -> String {
    let [tokens, style, script, icon] =
        ["tokens.css", "docs.css", "docs.js", "icon.svg"].map(assets::address);
    let title = escape(title);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title} · Sealpost</title>\n\
         <link rel=\"icon\" href=\"{icon}\">\n<link rel=\"stylesheet\" href=\"{tokens}\">\n\
         <link rel=\"stylesheet\" href=\"{style}\">\n<script src=\"{script}\" defer></script>\n</head>\n"
    )
}

/// The bar on top, the same over the reference.
pub const HEADER: &str = "<header class=\"top\"><a class=\"home\" href=\"/docs\"><span class=\"mark\" aria-hidden=\"true\">S</span>\
     <span>Sealpost <span class=\"muted\">docs</span></span></a>\
     <nav aria-label=\"Places\"><a class=\"narrow\" href=\"#pages\">Pages</a>\
     <a href=\"/docs/api\">API reference</a><a href=\"/desk\">Staff desk</a></nav></header>";

/// The reference of the API: the bar on top, and the viewer below it.
pub fn reference() -> String {
    let [style, own, viewer, script] =
        ["swagger-ui.css", "reference.css", "swagger-ui-bundle.js", "reference.js"].map(assets::address);
    let header = HEADER.replace("#pages", "/docs#pages");
    let head = head("API reference").replace(
        "</head>",
        &format!(
            "<link rel=\"stylesheet\" href=\"{style}\">\n<link rel=\"stylesheet\" href=\"{own}\">\n\
             <script src=\"{viewer}\" defer></script>\n<script src=\"{script}\" type=\"module\"></script>\n</head>"
        ),
    );
    format!(
        "{head}<body>\n<a class=\"skip\" href=\"#content\">Skip to the reference</a>\n{header}\n\
         <main id=\"content\" class=\"reference\" tabindex=\"-1\">\n<h1>API reference</h1>\n\
         <p>What this installation answers, from its own <a href=\"/openapi.json\">OpenAPI document</a>. \
         The <a href=\"/docs/guide\">API guide</a> tells the same as a story, and \
         <a href=\"/docs/problems\">problem codes</a> what to do when a call is refused. \
         Press <strong>Authorize</strong> and give a key to try calls here: they are real.</p>\n\
         <h2>Operations</h2>\n<div id=\"reference\"><noscript>This page needs JavaScript. The document itself does not.</noscript></div>\n\
         </main>\n</body>\n</html>\n"
    )
}

fn list(current: Option<&str>) -> String {
    library::all().iter().fold(String::new(), |mut list, page| {
        let here = if current == Some(page.slug) { " aria-current=\"page\"" } else { "" };
        let _ = writeln!(list, "<li><a href=\"{}\"{here}>{}</a></li>", place(page.slug), escape(&page.title));
        list
    })
}

fn place(slug: &str) -> String {
    if slug.is_empty() { "/docs".to_owned() } else { format!("/docs/{slug}") }
}

/// The page's own contents, where there is enough to find one's way in.
fn contents(headings: &[Heading]) -> String {
    let headings: Vec<_> = headings.iter().filter(|heading| heading.level == 2).collect();
    if headings.len() < 2 {
        return String::new();
    }
    let items = headings.iter().fold(String::new(), |mut items, Heading { anchor, text, .. }| {
        let _ = write!(items, "<li><a href=\"#{anchor}\">{}</a></li>", escape(text));
        items
    });
    format!("<nav class=\"contents\" aria-label=\"On this page\"><p>On this page</p><ul>{items}</ul></nav>\n")
}

fn next(slug: &str) -> String {
    let pages = library::all();
    let at = pages.iter().position(|page| page.slug == slug);
    match at.and_then(|at| pages.get(at + 1)) {
        Some(page) => format!(
            "<p class=\"next\"><span class=\"muted\">Next</span> <a href=\"{}\">{}</a></p>",
            place(page.slug),
            escape(&page.title)
        ),
        None => String::new(),
    }
}
