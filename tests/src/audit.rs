//! Every screen under axe: light and dark, narrow and wide. What it finds is gathered, so that one run names all.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::browser::Window;

const AXE: &str = include_str!("../vendor/axe.min.js");
/// The rules of WCAG 2.2, levels A and AA.
const RUN: &str = r#"
    const [width, done] = arguments;
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    requestAnimationFrame(() => requestAnimationFrame(() => {
        // Not innerWidth: a phone grows that until everything fits.
        const wide = document.documentElement.scrollWidth > width;
        axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] }).then(
            (result) => done({ wide, found: result.violations.map((rule) => ({
                rule: rule.id, help: rule.help,
                nodes: rule.nodes.map((node) => node.html.slice(0, 160) + " " + node.failureSummary),
            })) }),
            (error) => done({ wide, found: [{ rule: "axe", help: String(error), nodes: [] }] }),
        );
    }));
"#;

/// The phone of WCAG's reflow, and a desk.
const WIDTHS: [(u32, u32); 2] = [(320, 640), (1280, 800)];

/// What was found on the screens so far.
#[derive(Default)]
pub struct Audit {
    table: String,
    findings: Vec<String>,
}

impl Audit {
    /// Looks at what `window` shows, in all four looks, and leaves it light and as wide as it was.
    pub async fn screen(&mut self, window: &Window, name: &str) {
        // Through the driver, which no policy of the page holds back: the page's own stays as it is.
        window.execute(AXE, Vec::new()).await.expect("axe loads");
        let mut row = format!("{name:<34}");
        for dark in [false, true] {
            for (width, height) in WIDTHS {
                window.look(width, height, dark).await;
                let look = format!("{name}, {width} px, {}", if dark { "dark" } else { "light" });
                let seen = window.execute_async(RUN, vec![json!(width)]).await.expect("axe runs");
                let count = self.keep(&look, &seen);
                let _ = write!(row, "{count:>7}");
                if count > 0 {
                    window.picture(&format!("axe {look}")).await;
                }
            }
        }
        window.look_as_opened().await;
        let _ = writeln!(self.table, "{row}");
    }

    fn keep(&mut self, look: &str, seen: &Value) -> usize {
        let found = seen["found"].as_array().cloned().unwrap_or_default();
        for rule in &found {
            let nodes: Vec<_> = rule["nodes"].as_array().into_iter().flatten().collect();
            self.findings.push(format!("{look}: {} {} {nodes:#?}", rule["rule"], rule["help"]));
        }
        let wide = seen["wide"] == json!(true);
        if wide {
            self.findings.push(format!("{look}: scrolls sideways"));
        }
        found.len() + usize::from(wide)
    }

    pub fn findings(&self) -> &[String] {
        &self.findings
    }

    /// Prints a line per screen; fails when anything was found.
    #[expect(clippy::print_stdout, reason = "the table is what the test is run for")]
    pub fn close(self) {
        println!("\n{:<34}{:>7}{:>7}{:>7}{:>7}", "findings", "320", "1280", "320 d", "1280 d");
        println!("{}", self.table);
        assert!(self.findings.is_empty(), "axe finds:\n{}", self.findings.join("\n"));
    }
}
