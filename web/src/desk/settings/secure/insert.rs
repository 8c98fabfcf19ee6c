//! A text with fields in it, and the picker that puts a field where the cursor stands.

use leptos::html;
use leptos::prelude::*;
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Entry, EntryNode, IconName, Look, shown_when};

use crate::view::insert_at;

/// A field that a text may name: how it is written, and what it is.
#[derive(Clone, PartialEq, Eq)]
pub struct Piece {
    pub code: String,
    pub words: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    One,
    Many,
}

/// `id` must be unique in the page.
#[component]
pub fn TemplateField(
    id: &'static str,
    lines: Lines,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_input: Callback<String>,
    #[prop(into)] error: Signal<Option<String>>,
    #[prop(into)] pieces: Signal<Vec<Piece>>,
    #[prop(optional, into)] hint: Signal<String>,
    /// More words that describe it, by their id.
    #[prop(optional, into)]
    described: String,
    /// Stands between the text and its picker.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (line, area) = (NodeRef::<html::Input>::new(), NodeRef::<html::Textarea>::new());
    let node = match lines {
        Lines::One => EntryNode::Line(line),
        Lines::Many => EntryNode::Area(area),
    };
    let put = move |code: String| {
        let (from, to) = selection(node);
        let (text, cursor) = insert_at(&value.get_untracked(), from, to, &code);
        on_input.run(text.clone());
        place(node, &text, cursor);
    };
    view! {
        <div class="template-field">
            <Entry
                id=id
                label=label
                value=value
                on_input=on_input
                error=error
                polite=true
                described=described
                verbatim=lines == Lines::One
                node=node
                hint=hint
            />
            {children.map(|children| children())}
            <Picker id=id label=label pieces=pieces on_pick=put />
        </div>
    }
}

/// Opens below the text, so that it covers nothing one is writing.
#[component]
fn Picker(
    id: &'static str,
    label: Signal<String>,
    pieces: Signal<Vec<Piece>>,
    #[prop(into)] on_pick: Callback<String>,
) -> impl IntoView {
    let text = Text::from_context();
    let open = RwSignal::new(false);
    let name = Signal::derive(move || text.say_with("insert-into", &[("name", label.get().into())]));
    view! {
        <div
            class="picker"
            on:keydown=move |event| {
                if event.key() == "Escape" && open.get_untracked() {
                    event.stop_propagation();
                    open.set(false);
                }
            }
        >
            <button
                type="button"
                class="btn small quiet"
                aria-expanded=move || open.get().to_string()
                aria-controls=format!("{id}-pieces")
                aria-label=name
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <sealpost_web::ui::Icon name=IconName::Plus />
                {text.live("insert")}
            </button>
            <ul id=format!("{id}-pieces") class="pieces" aria-label=name>
                {shown_when(
                    move || open.get(),
                    move || {
                        pieces
                            .get()
                            .into_iter()
                            .map(|piece| {
                                let code = piece.code.clone();
                                view! {
                                    <li>
                                        <Button
                                            small=true
                                            look=Look::Plain
                                            on_press=move || {
                                                open.set(false);
                                                on_pick.run(code.clone());
                                            }
                                        >
                                            <span>{piece.words}</span>
                                            <code>{piece.code}</code>
                                        </Button>
                                    </li>
                                }
                            })
                            .collect_view()
                            .into_any()
                    },
                )}
            </ul>
        </div>
    }
}

/// Where the cursor stands; at the end of a text that never had it.
fn selection(node: EntryNode) -> (u32, u32) {
    let (from, to) = match node {
        EntryNode::Line(node) => node.get_untracked().map_or((None, None), |node| {
            (node.selection_start().ok().flatten(), node.selection_end().ok().flatten())
        }),
        EntryNode::Area(node) => node.get_untracked().map_or((None, None), |node| {
            (node.selection_start().ok().flatten(), node.selection_end().ok().flatten())
        }),
    };
    (from.unwrap_or(u32::MAX), to.unwrap_or(u32::MAX))
}

/// Gives the text its focus back, with the cursor behind what was put in.
fn place(node: EntryNode, text: &str, cursor: u32) {
    // Focus and selection are refused only to what is not in the page.
    match node {
        EntryNode::Line(node) => {
            if let Some(node) = node.get_untracked() {
                node.set_value(text);
                let _ = node.focus();
                let _ = node.set_selection_range(cursor, cursor);
            }
        }
        EntryNode::Area(node) => {
            if let Some(node) = node.get_untracked() {
                node.set_value(text);
                let _ = node.focus();
                let _ = node.set_selection_range(cursor, cursor);
            }
        }
    }
}
