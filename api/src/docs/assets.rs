//! The files that pages of the documentation load. Their addresses carry a part of their hash, so that
//! browsers may keep them for good.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use rust_embed::RustEmbed;

use crate::secrets::{hex, sha256};

/// The reference's viewer, compressed beforehand. A debug build reads the folder itself.
#[derive(RustEmbed)]
#[folder = "src/docs/vendor"]
struct Vendored;

pub struct Asset {
    pub kind: &'static str,
    plain: Cow<'static, [u8]>,
    brotli: Option<Cow<'static, [u8]>>,
    gzip: Option<Cow<'static, [u8]>>,
}

impl Asset {
    /// In the best form that the browser takes.
    pub fn best(&self, accepts: impl Fn(&str) -> bool) -> (&Cow<'static, [u8]>, Option<&'static str>) {
        let packed = [("br", &self.brotli), ("gzip", &self.gzip)];
        let mut taken = packed.into_iter().filter(|(coding, _)| accepts(coding));
        taken.find_map(|(coding, bytes)| Some((bytes.as_ref()?, Some(coding)))).unwrap_or((&self.plain, None))
    }
}

struct Library {
    /// Name → address.
    addresses: BTreeMap<String, String>,
    assets: BTreeMap<String, Asset>,
}

/// The house's own: small, and one text with the web apps where they share one.
const OWN: &[(&str, &str)] = &[
    ("tokens.css", include_str!("../../../web/styles/tokens.css")),
    ("docs.css", include_str!("page/docs.css")),
    ("docs.js", include_str!("page/docs.js")),
    ("reference.css", include_str!("page/reference.css")),
    ("reference.js", include_str!("page/reference.js")),
    ("icon.svg", include_str!("../../../web/icon.svg")),
];

static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
    let mut library = Library { addresses: BTreeMap::new(), assets: BTreeMap::new() };
    for (name, text) in OWN {
        let plain = Cow::Borrowed(text.as_bytes());
        add(&mut library, name, Asset { kind: kind_of(name), plain, brotli: None, gzip: None });
    }
    let plain = Vendored::iter().filter(|name| name.ends_with(".js") || name.ends_with(".css"));
    for (name, file) in plain.filter_map(|name| Some((name.clone(), Vendored::get(&name)?))) {
        let packed = |ending| Vendored::get(&format!("{name}.{ending}")).map(|file| file.data);
        let asset =
            Asset { kind: kind_of(&name), plain: file.data, brotli: packed("br"), gzip: packed("gz") };
        add(&mut library, &name, asset);
    }
    library
});

fn add(library: &mut Library, name: &str, asset: Asset) {
    let hash = hex(&sha256(&asset.plain)[..6]);
    let address = format!("{hash}-{name}");
    library.addresses.insert(name.to_owned(), address.clone());
    library.assets.insert(address, asset);
}

fn kind_of(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

/// Where a file is found, by its name.
pub fn address(name: &str) -> String {
    format!("/docs/assets/{}", LIBRARY.addresses.get(name).map_or("", String::as_str))
}

pub fn find(address: &str) -> Option<&'static Asset> {
    LIBRARY.assets.get(address)
}
