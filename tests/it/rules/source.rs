//! Rust files as the rules read them: the code that ships, and which modules it names.

use std::fs;
use std::path::{Path, PathBuf};

pub struct Source {
    /// From the workspace's root, such as `api/src/links/service.rs`.
    pub path: String,
    pub text: String,
}

impl Source {
    pub fn made_up(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// The lines with code that ships, numbered as an editor does: no comments, no tests.
    pub fn lines(&self) -> Vec<(usize, &str)> {
        let mut lines = Vec::new();
        let mut all = self.text.lines().enumerate().peekable();
        while let Some((at, line)) = all.next() {
            let line = line.trim();
            // A module of tests is the last thing in its file; `mod tests;` is one line.
            let tests = line == "#[cfg(test)]"
                && all.peek().is_some_and(|(_, next)| next.starts_with("mod ") && next.ends_with('{'));
            if tests {
                break;
            }
            if !line.starts_with("//") {
                lines.push((at + 1, line));
            }
        }
        lines
    }

    /// The top module, such as `links` of `api/src/links/service.rs` and `db` of `api/src/db.rs`.
    pub fn module(&self) -> &str {
        let inside = self.path.strip_prefix("api/src/").unwrap_or(&self.path);
        inside.split(['/', '.']).next().unwrap_or_default()
    }

    /// Whether the file itself is one of tests.
    pub fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }

    /// How many modules lie between this one and the crate's root, itself counted.
    fn depth(&self) -> usize {
        let inside = self.path.strip_prefix("api/src/").unwrap_or(&self.path);
        inside.split('/').count() - usize::from(inside.ends_with("/mod.rs"))
    }

    /// The top modules of the crate that this one names, by `crate::a`, `crate::{a, b::c}`, over several lines
    /// too, and by as many `super::` as lead to the root; each with its line.
    pub fn named(&self) -> Vec<(usize, String)> {
        let mut code = String::new();
        let mut starts = Vec::new();
        for (number, line) in self.lines() {
            starts.push((code.len(), number));
            code.push_str(line);
            code.push(' ');
        }
        let line_at = |at: usize| starts[starts.partition_point(|(start, _)| *start <= at) - 1].1;
        let to_the_root = "super::".repeat(self.depth());
        let mut named = Vec::new();
        for root in ["crate::", "sealpost_api::", &to_the_root] {
            for (at, _) in code.match_indices(root) {
                let names = first_names(&code[at + root.len()..]);
                named.extend(names.into_iter().map(|name| (line_at(at), name)));
            }
        }
        named
    }
}

/// `a` of `a::b`; `a` and `b` of `{a, b::{c, d}}`.
fn first_names(path: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let Some(group) = path.strip_prefix('{') else { return vec![word(path)] };
    let (mut depth, mut start, mut names) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.push(word(&group[start..at]));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace").to_owned()
}

pub fn sources(folders: &[&str]) -> Vec<Source> {
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
