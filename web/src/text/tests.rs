use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};

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
        let messages = Messages::of(&[source], language);
        for code in ProblemCode::ALL {
            let sentence = messages.format(problem_key(*code), &[]);
            assert!(sentence.is_some(), "{} in {}", code.as_str(), language.code());
        }
    }
}

/// Our reader knows a part of Fluent: every message must come out of it as it does of the real one.
#[test]
fn every_message_reads_as_fluent_reads_it() {
    for language in Language::ALL {
        for file in std::fs::read_dir(locales().join(language.code())).expect("the files") {
            let path = file.expect("a file").path();
            let source: &'static str = Box::leak(std::fs::read_to_string(&path).expect("a file").into());
            let resource = FluentResource::try_new(source.to_owned()).expect("a whole file");
            let mut oracle = FluentBundle::new(vec![language.code().parse().expect("a language")]);
            oracle.set_use_isolating(false);
            oracle.add_resource(resource).expect("no key twice");
            let ours = Messages::of(&[source], language);
            for (key, names) in keys(&path) {
                for number in [0, 1, 2, 7, 1_000_000] {
                    assert_reads_the_same(&oracle, &ours, &key, &names, number);
                }
            }
        }
    }
}

fn assert_reads_the_same(
    oracle: &FluentBundle<FluentResource>,
    ours: &Messages,
    key: &str,
    names: &BTreeSet<String>,
    number: i64,
) {
    let names: Vec<&'static str> =
        names.iter().map(|name| &*Box::leak(name.clone().into_boxed_str())).collect();
    for text in [None, Some("Riverside"), Some("1")] {
        let mut args = FluentArgs::new();
        let mut values = Vec::new();
        for name in &names {
            match text {
                Some(text) => args.set(*name, text),
                None => args.set(*name, number),
            }
            values.push((*name, text.map_or(Value::Number(number), Value::from)));
        }
        let pattern = oracle.get_message(key).and_then(|message| message.value()).expect("a message");
        let expected = oracle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned();
        assert_eq!(ours.format(key, &values), Some(expected), "{key} with {text:?} or {number}");
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
            for call in [".say(\"", ".say_with(\"", ".live(\""] {
                for rest in source.split(call).skip(1).filter(|_| !path.ends_with("tests.rs")) {
                    let key = rest.split('"').next().unwrap_or_default();
                    assert!(known.contains(key), "{key} in {}", path.display());
                }
            }
        }
    }
}

/// The pages' own words stand in page.ftl, too: what is said there is what is read there, in every language.
#[test]
fn the_pages_say_what_the_fluent_files_say() {
    for (page, sentences) in [
        ("chat.html", ["loading", "slow", "unsupported", "unreachable", "again"]),
        ("desk.html", ["loading", "desk-slow", "desk-unsupported", "desk-unreachable", "again"]),
    ] {
        let page = std::fs::read_to_string(locales().join("..").join(page)).expect("a page");
        for language in Language::ALL {
            let path = locales().join(language.code()).join("page.ftl");
            let source: &'static str = Box::leak(std::fs::read_to_string(path).expect("a file").into());
            let words = Messages::of(&[source], language);
            let practice = words.format("the-practice", &[]).expect("words");
            let call = format!("<span class=\"call\">{practice}</span>");
            for key in sentences {
                let sentence = words.format(key, &[("phone", call.as_str().into())]).expect("words");
                assert!(page.contains(&sentence), "{sentence} in {}", language.code());
            }
        }
        assert_eq!(page.matches("\"call\"").count() % Language::ALL.len(), 0);
    }
}

#[test]
fn numbers_choose_their_plural() {
    let source =
        "tries = Le { $n ->\n    [0] queda nada\n    [one] queda { $n }\n   *[other] quedan { $n }\n }.\n";
    let messages = Messages::of(&[source], Language::Es);
    let tries = |n: i64| messages.format("tries", &[("n", n.into())]);
    assert_eq!(tries(0).as_deref(), Some("Le queda nada."));
    assert_eq!(tries(1).as_deref(), Some("Le queda 1."));
    assert_eq!(tries(3).as_deref(), Some("Le quedan 3."));
    assert_eq!(messages.format("missing", &[]), None);
    assert_eq!(messages.format("tries", &[]).as_deref(), Some("Le quedan {$n}."));
}

#[test]
fn a_language_is_known_by_its_first_part() {
    assert_eq!(Language::parse("es-MX"), Some(Language::Es));
    assert_eq!(Language::parse("EN"), Some(Language::En));
    assert_eq!(Language::parse("fr"), None);
}
