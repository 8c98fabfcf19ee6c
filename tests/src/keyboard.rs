//! A person without a mouse: keys go to what has the focus, and what has it can be seen.

use serde_json::{Value, json};

use crate::browser::Window;

const TAB: char = '\u{e004}';
pub const ENTER: char = '\u{e007}';
pub const ESCAPE: char = '\u{e00c}';
pub const DOWN: char = '\u{e015}';
const CONTROL: char = '\u{e009}';
const SHIFT: char = '\u{e008}';

/// What has the focus: its name without what is for the eyes alone, whether the focus shows, and whether it stands in an
/// open dialog.
const FOCUSED: &str = r#"
    const e = document.activeElement;
    const label = e.labels && e.labels[0] ? e.labels[0].innerText : "";
    let name = e === document.body ? "" : (e.getAttribute("aria-label") || label || e.innerText || "");
    for (const { innerText: hidden } of e.querySelectorAll("[aria-hidden=true]")) {
        const at = hidden ? name.lastIndexOf(hidden) : -1;
        if (at >= 0) name = name.slice(0, at) + name.slice(at + hidden.length);
    }
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return [name.trim(), ring && inside, e.closest("dialog[open]") !== null, e.tagName];
"#;

/// More stops than any page has.
const STOPS: usize = 120;

/// Marks what has the focus, and says what a mouse could use and the keyboard has not come to yet. A group of
/// radio buttons is one stop.
const UNREACHED: &str = r#"
    const here = document.activeElement;
    (window.reached ??= new Set()).add(here);
    if (here.type === "radio") document.getElementsByName(here.name).forEach((one) => window.reached.add(one));
    const scope = document.querySelector("dialog[open]") ?? document.body;
    const all = [...scope.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")];
    const usable = all.filter((e) => !e.matches(":disabled") && e.tabIndex >= 0 && e.type !== "hidden" && !e.closest("[inert]")
        && e.checkVisibility({ visibilityProperty: true }));
    return usable.filter((e) => !window.reached.has(e)).map((e) => e.outerHTML.slice(0, 120));
"#;

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

    /// Types in place of all that the field with the focus holds.
    pub async fn retype(&self, text: &str) {
        let strokes = [("keyDown", CONTROL), ("keyDown", 'a'), ("keyUp", 'a'), ("keyUp", CONTROL)];
        self.strokes(strokes.map(|(kind, key)| json!({ "type": kind, "value": key })).to_vec()).await;
        self.keys(text.chars()).await;
    }

    /// Everything on the page can be come to with Tab alone, and is seen to have the focus.
    pub async fn reaches_everything(&self, page: &str) {
        let mut left = self.unreached().await;
        for _ in 0..STOPS {
            if left.is_empty() {
                return;
            }
            self.keys([TAB]).await;
            let focus = self.focus().await;
            assert!(
                focus.is_visible || focus.tag == "BODY",
                "{page}: nobody sees the focus on {:?}",
                focus.name
            );
            left = self.unreached().await;
        }
        self.picture("failed").await;
        panic!("{page}: Tab never comes to {left:#?}");
    }

    async fn unreached(&self) -> Vec<String> {
        let left = self.execute(UNREACHED, Vec::new()).await.expect("a list");
        left.as_array().into_iter().flatten().filter_map(|it| Some(it.as_str()?.to_owned())).collect()
    }

    pub async fn focus(&self) -> Focus {
        let found = self.execute(FOCUSED, Vec::new()).await.expect("something has the focus");
        let text = |at: usize| found[at].as_str().unwrap_or_default().to_owned();
        Focus { name: text(0), is_visible: found[1] == true, in_dialog: found[2] == true, tag: text(3) }
    }

    /// Goes forward until what is called this has the focus; every stop on the way must show that it has it.
    pub async fn tab_to(&self, name: &str) {
        self.go_to(name, false, |focus| begins(focus, name)).await;
    }

    /// Passes by what begins alike: "Send later" is not "Send".
    pub async fn tab_to_exactly(&self, name: &str) {
        self.go_to(name, false, |focus| focus == name).await;
    }

    pub async fn tab_back_to(&self, name: &str) {
        self.go_to(name, true, |focus| begins(focus, name)).await;
    }

    async fn go_to(&self, name: &str, back: bool, is_it: impl Fn(&str) -> bool) {
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
            if is_it(&focus.name) {
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

fn begins(focus: &str, name: &str) -> bool {
    focus.lines().any(|line| line.starts_with(name))
}
