use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::*;

fn locales() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("locales")
}

/// The file's keys, each with the variables it uses.
fn keys(path: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let source = std::fs::read_to_string(path).expect("a Fluent file");
    FluentResource::try_new(source.clone())
        .unwrap_or_else(|(_, errors)| panic!("{} has broken entries: {errors:?}", path.display()));
    let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if let Some((key, _)) = line.split_once(" =").filter(|(key, _)| !key.starts_with([' ', '*', '['])) {
            current = key.to_owned();
            assert!(keys.insert(current.clone(), BTreeSet::new()).is_none(), "{key} stands twice");
        }
        for part in line.split('$').skip(1) {
            let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(part.len());
            keys.entry(current.clone()).or_default().insert(part[..end].to_owned());
        }
    }
    keys
}

#[test]
fn every_language_has_the_same_words_with_the_same_values() {
    for file in std::fs::read_dir(locales().join("en")).expect("the English files") {
        let file = file.expect("a file").path();
        let english = keys(&file);
        for language in Language::ALL {
            let other = locales().join(language.code()).join(file.file_name().expect("a name"));
            assert_eq!(keys(&other), english, "{}", other.display());
        }
    }
}

#[test]
fn every_problem_has_a_sentence_in_every_language() {
    for (language, source) in [(Language::En, SHARED_EN), (Language::Es, SHARED_ES)] {
        let bundle = build(Box::leak(Box::new([(language, &*Box::leak(Box::new([source])) as _)])), language);
        for code in ProblemCode::ALL {
            assert!(bundle.has_message(problem_key(*code)), "{} in {}", code.as_str(), language.code());
        }
    }
}

/// Every `say("…")` in the sources has words. Keys that are chosen at run time end in one of the listed ways.
#[test]
fn every_word_that_is_said_exists() {
    let mut known = BTreeSet::new();
    for file in std::fs::read_dir(locales().join("en")).expect("the English files") {
        known.extend(keys(&file.expect("a file").path()).into_keys());
    }
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).expect("a source file");
            for call in [".say(\"", ".say_with(\""] {
                for rest in source.split(call).skip(1).filter(|_| !path.ends_with("tests.rs")) {
                    let key = rest.split('"').next().unwrap_or_default();
                    assert!(known.contains(key), "{key} in {}", path.display());
                }
            }
        }
    }
}

#[test]
fn numbers_choose_their_plural() {
    let source: Sources =
        &[(Language::Es, &["tries = { $n ->\n    [one] Queda { $n }.\n   *[other] Quedan { $n }.\n }"])];
    let bundle = build(source, Language::Es);
    let mut args = FluentArgs::new();
    args.set("n", 1);
    assert_eq!(say(&bundle, "tries", Some(&args)), "Queda 1.");
    args.set("n", 3);
    assert_eq!(say(&bundle, "tries", Some(&args)), "Quedan 3.");
    assert_eq!(say(&bundle, "missing", None), "missing");
}

#[test]
fn a_language_is_known_by_its_first_part() {
    assert_eq!(Language::parse("es-MX"), Some(Language::Es));
    assert_eq!(Language::parse("EN"), Some(Language::En));
    assert_eq!(Language::parse("fr"), None);
}
