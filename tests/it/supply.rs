//! What is built in: every package under a licence of `deny.toml`, from the one registry, none of those it bans.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The texts in a list of `deny.toml`.
fn listed(text: &str, name: &str) -> BTreeSet<String> {
    let list =
        text.split_once(&format!("\n{name} = [")).expect("the list").1.split_once("\n]").expect("its end").0;
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn packages() -> Vec<Value> {
    let mut command = std::process::Command::new(env!("CARGO"));
    command.current_dir(Path::new(ROOT)).args(["metadata", "--locked", "--format-version", "1"]);
    for platform in ["x86_64-unknown-linux-gnu", "wasm32-unknown-unknown"] {
        command.args(["--filter-platform", platform]);
    }
    let output = command.output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    match metadata["packages"].take() {
        Value::Array(packages) => packages,
        other => panic!("no packages but {other}"),
    }
}

/// Whether a licence expression (SPDX, or the older form with slashes) can be met with what is allowed.
fn is_met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let expression = expression.replace('/', " OR ");
    let expression = expression.trim();
    let parts = |word: &str| {
        let (mut depth, mut parts, mut part) = (0_i32, Vec::new(), Vec::new());
        for token in expression.replace('(', " ( ").replace(')', " ) ").split_whitespace() {
            depth += i32::from(token == "(") - i32::from(token == ")");
            if depth == 0 && token == word {
                parts.push(part.join(" "));
                part.clear();
            } else {
                part.push(token.to_owned());
            }
        }
        parts.push(part.join(" "));
        parts
    };
    // OR binds weakest.
    for (word, all) in [("OR", false), ("AND", true)] {
        let parts = parts(word);
        if parts.len() > 1 {
            let mut met = parts.iter().map(|part| is_met(part, allowed));
            return if all { met.all(|met| met) } else { met.any(|met| met) };
        }
    }
    match expression.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => is_met(inner, allowed),
        None => allowed.contains(expression),
    }
}

#[test]
fn every_package_has_a_licence_that_is_allowed_and_comes_from_the_registry() {
    let rules = std::fs::read_to_string(Path::new(ROOT).join("deny.toml")).expect("deny.toml");
    let (allowed, banned) = (listed(&rules, "allow"), listed(&rules, "deny"));
    let packages = packages();
    assert!(packages.len() > 300, "the whole graph: {}", packages.len());
    let mut sources = BTreeSet::new();
    for package in &packages {
        let name = package["name"].as_str().expect("a name");
        let licence = package["license"].as_str().unwrap_or_default();
        assert!(is_met(licence, &allowed), "{name}: {licence:?} is not allowed by deny.toml");
        assert!(!banned.contains(name), "{name} is banned by deny.toml");
        sources.extend(package["source"].as_str().map(str::to_owned));
    }
    assert!(
        sources.len() == 1 && sources.iter().all(|source| source.starts_with("registry+")),
        "{sources:?}"
    );
}

#[test]
fn licences_are_read_as_they_are_meant() {
    let allowed: BTreeSet<_> =
        ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned).into();
    for (expression, met) in [
        ("MIT", true),
        ("MIT/GPL-3.0", true),
        ("GPL-3.0 OR Apache-2.0", true),
        ("Apache-2.0 WITH LLVM-exception OR GPL-2.0", true),
        ("(MIT OR GPL-2.0) AND Apache-2.0", true),
        ("MIT AND GPL-3.0", false),
        ("(MIT OR Apache-2.0) AND AGPL-3.0-only", false),
        ("GPL-3.0", false),
        ("LGPL-2.1-or-later", false),
        ("", false),
    ] {
        assert_eq!(is_met(expression, &allowed), met, "{expression}");
    }
}
