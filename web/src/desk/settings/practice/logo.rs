//! The logo: chosen, looked at, then kept; or removed. It is saved by itself, at once.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::settings::{LOGO_BYTES_MAX, OrganizationSettings};
use sealpost_web::client::{Answer, ClientError, settings};
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, FieldError, IconName, Logo, Look, shown_when};
use web_sys::{File, Url};

use super::PracticeForm;
use crate::said;
use crate::view::as_sentence;

/// What browsers can show and the server reads.
const KINDS: &[&str] = &["image/png", "image/jpeg"];

/// A picture that was chosen and is not kept yet. Its address lives in this page alone.
#[derive(Clone)]
struct Chosen {
    file: File,
    url: String,
}

#[derive(Clone, Copy)]
struct Choosing {
    form: PracticeForm,
    text: Text,
    chosen: RwSignal<Option<Chosen>, LocalStorage>,
    error: RwSignal<Option<String>>,
    said: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
}

impl Choosing {
    fn forget(self) {
        if let Some(chosen) = self.chosen.try_get_untracked().flatten() {
            // Only what was never made cannot be given back.
            let _ = Url::revoke_object_url(&chosen.url);
            self.chosen.set(None);
        }
    }

    fn choose(self, file: File) {
        self.forget();
        self.said.set(None);
        self.error.set(None);
        let wrong = match file.type_() {
            kind if !KINDS.contains(&kind.as_str()) => Some("logo-kind"),
            _ if file.size() > LOGO_BYTES_MAX as f64 => Some("logo-large"),
            _ => None,
        };
        match (wrong, Url::create_object_url_with_blob(&file)) {
            (None, Ok(url)) => self.chosen.set(Some(Chosen { file, url })),
            (wrong, _) => self.error.set(Some(self.text.say(wrong.unwrap_or("logo-kind")))),
        }
    }

    /// Keeps the chosen picture.
    fn keep(self) {
        if let Some(chosen) = self.chosen.get_untracked() {
            self.run("logo-saved", async move { settings::put_logo(&chosen.file).await });
        }
    }

    fn remove(self) {
        self.run("logo-removed", async {
            settings::remove_logo().await?;
            settings::organization().await
        });
    }

    fn run(self, done: &'static str, call: impl Future<Output = Answer<OrganizationSettings>> + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            let answer = self.form.desk.gate.hear(call.await);
            self.busy.try_set(false);
            match answer {
                Ok(fresh) => {
                    self.forget();
                    self.form.take(fresh);
                    self.said.try_set(Some(self.text.say(done)));
                }
                Err(error) => drop(self.error.try_set(Some(self.why(&error)))),
            }
        });
    }

    fn why(self, error: &ClientError) -> String {
        let detail = match error {
            ClientError::Problem(problem) => problem.errors.first().map(|error| as_sentence(&error.detail)),
            ClientError::Offline | ClientError::Unexpected => None,
        };
        detail.unwrap_or_else(|| said::sentence(self.text, error))
    }
}

#[component]
pub fn LogoPanel(form: PracticeForm) -> impl IntoView {
    let text = Text::from_context();
    let choosing = Choosing {
        form,
        text,
        chosen: RwSignal::new_local(None),
        error: RwSignal::new(None),
        said: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    on_cleanup(move || choosing.forget());
    let name = form.read(|draft| draft.name.clone());
    let kept = form.known(|saved| saved.logo_url.clone());
    view! {
        <section class="card panel">
            <h3>{text.live("logo-title")}</h3>
            <div class="logo-line">
                {move || match choosing.chosen.get() {
                    Some(chosen) => view! {
                        <img class="logo-large" src=chosen.url alt=text.say("logo-chosen") />
                    }
                    .into_any(),
                    None => view! { <span class="logo-large"><Logo url=kept name=name /></span> }.into_any(),
                }}
                <div class="logo-acts">
                    <Buttons choosing=choosing kept=kept />
                    <FieldError id="logo-error".to_owned() error=choosing.error />
                    <p class="small muted" role="status">{move || choosing.said.get()}</p>
                    <p class="hint" id="logo-hint">{text.live("logo-hint")}</p>
                </div>
            </div>
        </section>
    }
}

#[component]
fn Buttons(choosing: Choosing, kept: Signal<Option<String>>) -> impl IntoView {
    let text = Text::from_context();
    let input = NodeRef::<html::Input>::new();
    let open = move || {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let picked = move |_| {
        let Some(input) = input.get_untracked() else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            choosing.choose(file);
        }
        // The same file again is a new choice.
        input.set_value("");
    };
    let is_chosen = move || choosing.chosen.with(Option::is_some);
    view! {
        <input
            node_ref=input
            id="logo-file"
            type="file"
            hidden
            accept=KINDS.join(",")
            aria-label=text.live("logo-choose")
            on:change=picked
        />
        <div class="row wrap">
            {shown_when(
                move || !is_chosen(),
                move || {
                    let words = move || text.say(if kept.get().is_some() { "logo-replace" } else { "logo-choose" });
                    view! {
                        <Button small=true icon=IconName::Plus disabled=choosing.busy on_press=open>{words}</Button>
                        {shown_when(
                            move || kept.get().is_some(),
                            move || {
                                view! {
                                    <Button
                                        small=true
                                        look=Look::Danger
                                        disabled=choosing.busy
                                        on_press=move || choosing.remove()
                                    >
                                        {text.live("logo-remove")}
                                    </Button>
                                }
                                .into_any()
                            },
                        )}
                    }
                    .into_any()
                },
            )}
            {shown_when(
                is_chosen,
                move || {
                    view! {
                        <Button
                            small=true
                            look=Look::Primary
                            disabled=choosing.busy
                            on_press=move || choosing.keep()
                        >
                            {text.live("logo-use")}
                        </Button>
                        <Button small=true disabled=choosing.busy on_press=move || choosing.forget()>
                            {text.live("cancel")}
                        </Button>
                    }
                    .into_any()
                },
            )}
        </div>
    }
}
