//! The dependency rule of ARCHITECTURE.md, checked by reading the files.

use std::fs;
use std::path::{Path, PathBuf};

/// What features stand on.
const GROUND: &[&str] = &["auth", "config", "entities", "secrets"];
/// Features from the ground up; one may call those on lines above its own, through their `mod.rs`.
const FEATURES: &[&[&str]] = &[
    &["templates"],
    &["delivery", "settings", "staff"],
    &["contacts"],
    &["links"],
    &["conversations"],
    &["events"],
    &["demo"],
];
/// Names that say nothing: a thing with no better name has no place yet.
const NAMELESS: &[&str] = &["util", "utils", "helper", "helpers", "common", "manager", "types", "misc"];

struct Source {
    /// From the workspace's root, such as `api/src/links/service.rs`.
    path: String,
    text: String,
}

impl Source {
    /// The lines with code that ships, numbered as an editor does.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let code = self.text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        code.lines()
            .map(str::trim)
            .enumerate()
            .filter(|(_, line)| !line.starts_with("//"))
            .map(|(n, line)| (n + 1, line))
    }

    fn feature(&self) -> Option<&str> {
        self.path.strip_prefix("api/src/")?.split_once('/').map(|(feature, _)| feature)
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace").to_owned()
}

fn sources(folders: &[&str]) -> Vec<Source> {
    let mut open: Vec<_> = folders.iter().map(|folder| root().join(folder)).collect();
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            let text = fs::read_to_string(&path).expect("text");
            let path = path.strip_prefix(root()).expect("inside").to_string_lossy().into_owned();
            found.push(Source { path, text });
        }
    }
    assert!(!found.is_empty(), "nothing under {folders:?}");
    found
}

/// Every line of code that `breaks` the rule, as an editor would open it.
fn offenders(sources: &[Source], breaks: impl Fn(&Source, &str) -> bool) -> Vec<String> {
    let lines = sources.iter().flat_map(|source| source.lines().map(move |line| (source, line)));
    let broken = lines.filter(|(source, (_, line))| breaks(source, line));
    broken.map(|(source, (number, line))| format!("{}:{number}: {line}", source.path)).collect()
}

#[track_caller]
fn assert_none(rule: &str, offenders: &[String]) {
    assert!(offenders.is_empty(), "{rule}:\n{}", offenders.join("\n"));
}

#[test]
fn routes_do_not_know_the_database_and_services_do_not_know_http() {
    let api = sources(&["api/src"]);
    let broken = offenders(&api, |source, line| {
        (source.path.ends_with("routes.rs") && line.contains("sea_orm"))
            || (source.path.ends_with("service.rs") && line.contains("actix_web"))
    });
    assert_none("routes → service → entities", &broken);
}

#[test]
fn features_call_only_those_below_them() {
    let level = |name: &str| FEATURES.iter().position(|level| level.contains(&name));
    let api = sources(&["api/src"]);
    let broken = offenders(&api, |source, line| {
        let Some(own) = source.feature().filter(|feature| !GROUND.contains(feature)) else { return false };
        let at = level(own).unwrap_or_else(|| panic!("{own} has no place in FEATURES"));
        let words = line.split("crate::").skip(1);
        words
            .filter_map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next())
            .any(|name| name != own && level(name).is_some_and(|other| other >= at))
    });
    assert_none("features import downwards only", &broken);
}

#[test]
fn entities_and_the_ground_know_no_feature() {
    let files = ["clock", "db", "idempotency", "journal", "limits", "page", "problem", "request"]
        .map(|name| format!("{name}.rs"));
    let api = sources(&["api/src"]);
    let broken = offenders(&api, |source, line| {
        let ground = source.feature().is_some_and(|folder| GROUND.contains(&folder))
            || source.path.strip_prefix("api/src/").is_some_and(|path| files.iter().any(|file| file == path));
        ground && FEATURES.concat().iter().any(|feature| line.contains(&format!("crate::{feature}::")))
    });
    assert_none("features stand on these, not the other way round", &broken);
}

#[test]
fn rows_are_found_only_by_the_finders_of_their_entity() {
    let api = sources(&["api/src"]);
    let broken = offenders(&api, |source, line| {
        source.feature() != Some("entities") && (line.contains("::find()") || line.contains("::find_by_id("))
    });
    assert_none("bare find() stands in entities/ only", &broken);
}

#[test]
fn only_the_web_client_does_http_and_no_markup_is_made_from_text() {
    let web = sources(&["web/src"]);
    let broken = offenders(&web, |source, line| {
        (source.path != "web/src/client.rs" && line.contains("gloo_net")) || line.contains("inner_html")
    });
    assert_none("web/src/client.rs is the one way to the server", &broken);
}

#[test]
fn files_are_short_and_have_names() {
    for source in sources(&["api", "migrations", "shared", "tests", "web"]) {
        let lines = source.text.lines().count();
        assert!(lines <= 400, "{} has {lines} lines; 400 at most", source.path);
        let nameless = source.path.split(['/', '.']).find(|part| NAMELESS.contains(part));
        assert_eq!(nameless, None, "{} needs a name", source.path);
    }
}
