//! Which pages there are, in the order of their reading; each rendered once.

use std::sync::LazyLock;

use super::{markdown, problems};

/// One page, rendered.
pub struct Page {
    /// Its place under `/docs`; empty for the first.
    pub slug: &'static str,
    pub title: String,
    /// What stands below the title.
    pub body: String,
    pub headings: Vec<Heading>,
}

pub struct Heading {
    pub level: u8,
    pub anchor: String,
    pub text: String,
}

/// What stands in `docs/`, by file name.
const SOURCES: &[(&str, &str)] = &[
    ("", include_str!("../../../docs/index.md")),
    ("try", include_str!("../../../docs/try.md")),
    ("install", include_str!("../../../docs/install.md")),
    ("setup", include_str!("../../../docs/setup.md")),
    ("channels", include_str!("../../../docs/channels.md")),
    ("operate", include_str!("../../../docs/operate.md")),
    ("security", include_str!("../../../docs/security.md")),
    ("guide", include_str!("../../../docs/guide.md")),
    ("problems", include_str!("../../../docs/problems.md")),
];

static PAGES: LazyLock<Vec<Page>> =
    LazyLock::new(|| SOURCES.iter().map(|(slug, text)| read(slug, text)).collect());

fn read(slug: &'static str, text: &str) -> Page {
    let mut page = markdown::render(slug, text);
    if slug == problems::SLUG {
        problems::append(&mut page);
    }
    page
}

pub fn all() -> &'static [Page] {
    &PAGES
}

pub fn find(slug: &str) -> Option<&'static Page> {
    PAGES.iter().find(|page| page.slug == slug)
}

/// Every page's place under `/docs`.
pub fn slugs() -> impl Iterator<Item = &'static str> {
    SOURCES.iter().map(|(slug, _)| *slug)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_file_of_the_folder_is_a_page() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs");
        let files = std::fs::read_dir(folder).expect("docs/").filter_map(|entry| {
            let name = entry.expect("an entry").file_name().into_string().expect("a name");
            Some(name.strip_suffix(".md")?.to_owned())
        });
        let named = slugs().map(|slug| if slug.is_empty() { "index" } else { slug }.to_owned());
        assert_eq!(files.collect::<BTreeSet<_>>(), named.collect::<BTreeSet<_>>());
    }

    #[test]
    fn every_page_has_a_title_and_anchors_of_its_own() {
        for page in all() {
            assert!(!page.title.is_empty(), "{}", page.slug);
            let anchors: BTreeSet<_> = page.headings.iter().map(|heading| &heading.anchor).collect();
            assert_eq!(anchors.len(), page.headings.len(), "{}: two headings share an anchor", page.slug);
        }
    }
}
