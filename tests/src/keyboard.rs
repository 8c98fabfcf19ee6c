//! A person without a mouse: keys go to what has the focus, and what has it can be seen.

use serde_json::{Value, json};

use crate::browser::Window;

pub const TAB: char = '\u{e004}';
pub const ENTER: char = '\u{e007}';
pub const ESCAPE: char = '\u{e00c}';
pub const DOWN: char = '\u{e015}';
const SHIFT: char = '\u{e008}';

/// What has the focus: its name, whether that shows, and whether it stands in an open dialog.
const FOCUSED: &str = r#"
    const e = document.activeElement;
    const label = e.labels && e.labels[0] ? e.labels[0].innerText : "";
    const name = e === document.body ? "" : (e.getAttribute("aria-label") || label || e.innerText || "");
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return [name.trim(), ring && inside, e.closest("dialog[open]") !== null, e.tagName];
"#;

/// More stops than any page has.
const STOPS: usize = 80;

pub struct Focus {
    pub name: String,
    pub is_visible: bool,
    pub in_dialog: bool,
    pub tag: String,
}

impl Window {
    pub async fn keys(&self, keys: impl IntoIterator<Item = char>) {
        let strokes = keys.into_iter().flat_map(|key| [("keyDown", key), ("keyUp", key)]);
        self.strokes(strokes.map(|(kind, key)| json!({ "type": kind, "value": key })).collect()).await;
    }

    async fn shift_tab(&self) {
        let strokes = [("keyDown", SHIFT), ("keyDown", TAB), ("keyUp", TAB), ("keyUp", SHIFT)];
        self.strokes(strokes.map(|(kind, key)| json!({ "type": kind, "value": key })).to_vec()).await;
    }

    async fn strokes(&self, strokes: Vec<Value>) {
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": strokes });
        let answer = self.ask("actions", json!({ "actions": [keyboard] })).await;
        assert!(answer.is_null(), "the keys did not arrive: {answer}");
    }

    pub async fn focus(&self) -> Focus {
        let found = self.execute(FOCUSED, Vec::new()).await.expect("something has the focus");
        let text = |at: usize| found[at].as_str().unwrap_or_default().to_owned();
        Focus { name: text(0), is_visible: found[1] == true, in_dialog: found[2] == true, tag: text(3) }
    }

    /// Goes forward until what is called this has the focus; every stop on the way must show that it has it.
    pub async fn tab_to(&self, name: &str) {
        self.go_to(name, false).await;
    }

    pub async fn tab_back_to(&self, name: &str) {
        self.go_to(name, true).await;
    }

    async fn go_to(&self, name: &str, back: bool) {
        let mut passed = Vec::new();
        for _ in 0..STOPS {
            if back {
                self.shift_tab().await
            } else {
                self.keys([TAB]).await
            }
            let focus = self.focus().await;
            // Between the last stop and the first, the focus is with the browser.
            assert!(focus.is_visible || focus.tag == "BODY", "nobody sees the focus on {:?}", focus.name);
            if focus.name.lines().any(|line| line.starts_with(name)) {
                return;
            }
            passed.push(focus.name);
        }
        self.picture("failed").await;
        panic!("Tab never comes to {name:?}, only to {passed:#?}. The page shows:\n{}", self.text().await);
    }

    /// Walks around once in a dialog: the focus never leaves it for the page behind.
    pub async fn is_held_by_the_dialog(&self) {
        for _ in 0..8 {
            self.keys([TAB]).await;
            let focus = self.focus().await;
            assert!(focus.in_dialog || focus.tag == "BODY", "the focus left the dialog for {:?}", focus.name);
        }
    }
}
