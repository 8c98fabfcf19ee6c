//! A list that keeps still: what comes in above the lines one reads does not push them away. Browsers
//! do this by themselves only while lines stay in place, and a keyed list takes them out and back in.

use leptos::html;
use leptos::prelude::*;
use web_sys::Element;

use super::paged::Paged;
use super::view::Listed;

/// The next page is fetched this many pixels before the end.
const AHEAD: i32 = 600;

/// The line one reads, and how far down it stands.
#[derive(Clone, Copy)]
pub struct Steady(StoredValue<Option<(Element, f64)>, LocalStorage>);

impl Steady {
    pub fn new() -> Self {
        Self(StoredValue::new_local(None))
    }

    /// Call on every scroll.
    pub fn look(self, pane: &Element) {
        let line = first_line(pane);
        self.0.set_value(line.map(|line| (line.clone(), line.get_bounding_client_rect().top())));
    }

    /// At an end where what is new is to be seen, nothing is held.
    pub fn let_go(self) {
        self.0.set_value(None);
    }

    /// Call whenever lines changed.
    pub fn settle(self, scroller: NodeRef<html::Div>) {
        // The lines are drawn by then, and nothing is painted yet.
        request_animation_frame(move || {
            let (Some(Some(pane)), Some(Some((line, top)))) =
                (scroller.try_get_untracked(), self.0.try_get_value())
            else {
                return;
            };
            let moved = line.get_bounding_client_rect().top() - top;
            if line.is_connected() && moved.abs() >= 1.0 {
                pane.set_scroll_top(pane.scroll_top() + moved as i32);
            }
        });
    }
}

/// Keeps a list of rows still and fetches its next page in time. Call what this gives back on every scroll.
pub fn keep<T: Listed + PartialEq + Send + Sync>(
    scroller: NodeRef<html::Div>,
    list: Paged<T>,
) -> Callback<()> {
    let steady = Steady::new();
    Effect::new(move || {
        list.items.track();
        steady.settle(scroller);
    });
    Callback::new(move |()| {
        let Some(pane) = scroller.get_untracked() else { return };
        if pane.scroll_top() > 0 {
            steady.look(&pane);
        } else {
            steady.let_go();
        }
        if pane.scroll_height() - pane.scroll_top() - pane.client_height() < AHEAD {
            list.more();
        }
    })
}

/// The first line that is whole in the pane.
fn first_line(pane: &Element) -> Option<Element> {
    let rect = pane.get_bounding_client_rect();
    let x = rect.left() + rect.width() / 2.0;
    let at = document().element_from_point(x as f32, (rect.top() + 8.0) as f32)?;
    match at.closest("li").ok().flatten() {
        Some(line) => line.next_element_sibling().or(Some(line)),
        // Between two lines, or above the first one.
        None => {
            document().element_from_point(x as f32, (rect.top() + 40.0) as f32)?.closest("li").ok().flatten()
        }
    }
}
