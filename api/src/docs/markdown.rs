//! Markdown to HTML. HTML inside Markdown is shown as text and never passed on; links to other files of
//! `docs/` become links to their pages.

use pulldown_cmark::{
    CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html,
};

use super::library::{Heading, Page};

pub fn render(slug: &'static str, text: &str) -> Page {
    let options = Options::ENABLE_TABLES | Options::ENABLE_GFM;
    let mut page = Page { slug, title: String::new(), body: String::new(), headings: Vec::new() };
    let mut parser = Parser::new_ext(text, options);
    let mut events = Vec::new();
    while let Some(event) = parser.next() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let inside: Vec<_> = parser
                    .by_ref()
                    .take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))))
                    .map(|event| dressed(event, slug))
                    .collect();
                heading(&mut page, level, inside, &mut events);
            }
            event => events.push(dressed(event, slug)),
        }
    }
    push_html(&mut page.body, events.into_iter());
    page
}

/// The first of all is the page's title; the others get an anchor and a link to themselves.
fn heading<'a>(page: &mut Page, level: HeadingLevel, inside: Vec<Event<'a>>, events: &mut Vec<Event<'a>>) {
    let text: String = inside.iter().filter_map(said).collect();
    if level == HeadingLevel::H1 {
        page.title = text;
        return;
    }
    let level = level as u8;
    let anchor = anchor_of(&text, &page.headings);
    events.push(html(format!("<h{level} id=\"{anchor}\">")));
    events.extend(inside);
    events.push(html(format!("{}</h{level}>\n", link_to(&anchor, &text))));
    page.headings.push(Heading { level, anchor, text });
}

/// The sign that leads to a heading itself.
pub fn link_to(anchor: &str, text: &str) -> String {
    format!(" <a class=\"anchor\" href=\"#{anchor}\" aria-label=\"Link to {}\">#</a>", escape(text))
}

fn anchor_of(text: &str, taken: &[Heading]) -> String {
    let words = text.to_lowercase().replace(|letter: char| !letter.is_ascii_alphanumeric(), " ");
    let slug = words.split_whitespace().collect::<Vec<_>>().join("-");
    let is_free = |anchor: &String| taken.iter().all(|heading| &heading.anchor != anchor);
    let numbered = (2..).map(|number| format!("{slug}-{number}"));
    std::iter::once(slug.clone()).chain(numbered).find(is_free).unwrap_or(slug)
}

fn said<'a>(event: &'a Event<'_>) -> Option<&'a str> {
    match event {
        Event::Text(text) | Event::Code(text) => Some(text),
        _ => None,
    }
}

fn html<'a>(text: impl Into<String>) -> Event<'a> {
    Event::Html(CowStr::from(text.into()))
}

fn dressed<'a>(event: Event<'a>, slug: &str) -> Event<'a> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = CowStr::from(address(&dest_url, slug));
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        // What is too wide scrolls by itself, by keyboard too.
        Event::Start(Tag::CodeBlock(kind)) => {
            let language = match &kind {
                CodeBlockKind::Fenced(language) => language.as_ref(),
                CodeBlockKind::Indented => "",
            };
            html(format!("<pre tabindex=\"0\"><code class=\"language-{}\">", escape(language)))
        }
        Event::End(TagEnd::CodeBlock) => html("</code></pre>\n"),
        Event::Start(Tag::Table(columns)) => {
            // Rendered by hand, for the frame around it; columns are all aligned alike.
            let _ = columns;
            html("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table>")
        }
        Event::End(TagEnd::Table) => html("</tbody></table></div>\n"),
        other => other,
    }
}

/// `install.md#ports` → `/docs/install#ports`.
fn address(link: &str, slug: &str) -> String {
    let (file, anchor) = link.split_once('#').map_or((link, ""), |(file, anchor)| (file, anchor));
    let anchor = if anchor.is_empty() { String::new() } else { format!("#{anchor}") };
    match file.strip_suffix(".md") {
        Some("index") => format!("/docs{anchor}"),
        Some(page) if !page.contains('/') && page != slug => format!("/docs/{page}{anchor}"),
        Some(_) | None => link.to_owned(),
    }
}

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_in_markdown_is_text() {
        for text in
            ["a <b onclick=x>b</b>", "<script>alert(1)</script>", "<div>\n\n# A\n\n</div>", "<!-- x -->"]
        {
            let page = render("x", text);
            for tag in ["<b ", "<script", "<div>", "<!--"] {
                assert!(!page.body.contains(tag), "{text}: {}", page.body);
            }
        }
    }

    #[test]
    fn no_page_means_to_hold_any() {
        for page in super::super::library::all() {
            let text = page.body.replace("&lt;you@", "");
            for tag in ["&lt;b&gt;", "&lt;div", "&lt;img", "&lt;br", "&lt;a ", "&lt;script", "&lt;!--"] {
                assert!(!text.contains(tag), "{}: {tag}", page.slug);
            }
        }
    }

    #[test]
    fn links_between_files_are_links_between_pages() {
        for (link, expected) in [
            ("install.md", "/docs/install"),
            ("install.md#two-servers", "/docs/install#two-servers"),
            ("index.md", "/docs"),
            ("#here", "#here"),
            ("/docs/api", "/docs/api"),
            ("https://example.org/a.md", "https://example.org/a.md"),
        ] {
            assert_eq!(address(link, "x"), expected);
        }
    }

    #[test]
    fn headings_have_anchors_that_differ() {
        let page = render("x", "# Title\n\n## Say `it`\n\ntext\n\n## Say it\n\n### Say: it!\n");
        assert_eq!(page.title, "Title");
        let anchors: Vec<_> = page.headings.iter().map(|heading| heading.anchor.as_str()).collect();
        assert_eq!(anchors, ["say-it", "say-it-2", "say-it-3"]);
        assert!(
            page.body.contains("<h2 id=\"say-it\">Say <code>it</code> <a class=\"anchor\" href=\"#say-it\"")
        );
    }
}
