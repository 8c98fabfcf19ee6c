//! Keeps the thread where the reader is: at the newest message, or at an older one while others arrive.
//!
//! The list's box runs upwards (`column-reverse`): 0 is the bottom, so the newest message stays in view
//! when the keyboard opens, and older messages on top move nothing.

use leptos::html;
use leptos::prelude::*;

use sealpost_web::ui;

use super::view::Row;
use super::visit::Visit;

/// This near to an end counts as being there.
const NEAR: i32 = 80;

#[derive(Clone, Copy)]
pub struct Scroll {
    visit: Visit,
    pub node: NodeRef<html::Div>,
    /// Something arrived below what is in view.
    pub unseen: RwSignal<bool>,
    /// The list's height when it last changed, and its last row.
    before: StoredValue<(i32, Option<Row>)>,
}

impl Scroll {
    pub fn of(visit: Visit, lines: Memo<Vec<Row>>) -> Self {
        let scroll = Self {
            visit,
            node: NodeRef::new(),
            unseen: RwSignal::new(false),
            before: StoredValue::new((0, None)),
        };
        ui::effect(move || {
            let newest = lines.with(|lines| lines.last().copied());
            // The rows are in the page after this.
            request_animation_frame(move || scroll.grown(newest));
        });
        scroll
    }

    fn grown(self, newest: Option<Row>) {
        let Some(log) = self.node.try_get_untracked().flatten() else { return };
        let height = log.scroll_height();
        let (old_height, old_newest) = self.before.get_value();
        self.before.set_value((height, newest));
        let key = |row: Option<Row>| row.map(|row| row.key());
        if old_newest.is_none() || key(old_newest) == key(newest) {
            return;
        }
        if self.newest_is_mine(newest) {
            return self.to_bottom();
        }
        if self.visit.at_bottom.get_untracked() {
            self.visit.mark_read();
        } else {
            // What arrived below would push up what somebody is reading.
            log.set_scroll_top(log.scroll_top() - (height - old_height));
            self.unseen.set(true);
        }
    }

    fn newest_is_mine(self, newest: Option<Row>) -> bool {
        let Some(Row::Message { key, .. }) = newest else { return false };
        self.visit.thread.with_untracked(|thread| thread.entry(key).is_some_and(|entry| entry.id.is_none()))
    }

    pub fn moved(self) {
        let Some(log) = self.node.get_untracked() else { return };
        let from_bottom = -log.scroll_top();
        let at_bottom = from_bottom < NEAR;
        if at_bottom != self.visit.at_bottom.get_untracked() {
            self.visit.at_bottom.set(at_bottom);
        }
        if at_bottom {
            self.unseen.set(false);
            self.visit.mark_read();
        }
        if log.scroll_height() - log.client_height() - from_bottom < NEAR {
            self.visit.load_older();
        }
    }

    pub fn to_bottom(self) {
        if let Some(log) = self.node.get_untracked() {
            log.set_scroll_top(0);
        }
        self.unseen.set(false);
        self.visit.at_bottom.set(true);
        self.visit.mark_read();
    }
}
