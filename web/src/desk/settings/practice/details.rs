//! Name, phone, time zone, and what every page says about emergencies.

use leptos::html;
use leptos::prelude::*;
use sealpost_web::text::Text;
use sealpost_web::ui::{Entry, EntryNode};
use sealpost_web::zones;

use super::PracticeForm;

#[component]
pub fn DetailsPanel(form: PracticeForm) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <section class="card panel">
            <h3>{text.live("practice-details")}</h3>
            <Entry
                id="practice-name"
                label=text.live("practice-name")
                value=form.read(|draft| draft.name.clone())
                on_input=move |typed| form.change("/name", |draft| draft.name = typed)
                error=form.saving.error_at("/name")
                autocomplete="organization"
                node=EntryNode::Line(NodeRef::<html::Input>::new())
            />
            <Entry
                id="practice-phone"
                label=text.live("practice-phone")
                value=form.read(|draft| draft.phone.clone())
                on_input=move |typed| form.change("/phone", |draft| draft.phone = typed)
                error=form.saving.error_at("/phone")
                hint=text.live("practice-phone-hint")
                kind="tel"
                node=EntryNode::Line(NodeRef::<html::Input>::new())
            />
            <Entry
                id="practice-emergency"
                label=text.live("practice-emergency")
                value=form.read(|draft| draft.emergency_notice.clone())
                on_input=move |typed| form.change("/emergency_notice", |draft| draft.emergency_notice = typed)
                error=form.saving.error_at("/emergency_notice")
                hint=text.live("practice-emergency-hint")
                placeholder=text.live("emergency")
                node=EntryNode::Line(NodeRef::<html::Input>::new())
            />
            <Zone form=form />
        </section>
    }
}

#[component]
fn Zone(form: PracticeForm) -> impl IntoView {
    let text = Text::from_context();
    let chosen = form.read(|draft| draft.time_zone.clone());
    let error = form.saving.error_at("/time_zone");
    let all = Memo::new(move |_| zones::all(&form.known(|saved| saved.time_zone.clone()).get()));
    view! {
        <div class="field">
            <label for="practice-zone">{text.live("practice-time-zone")}</label>
            <select
                id="practice-zone"
                class="input"
                aria-invalid=move || error.get().is_some().then_some("true")
                aria-describedby="practice-zone-error practice-zone-hint"
                on:change=move |event| {
                    let zone = event_target_value(&event);
                    form.change("/time_zone", |draft| draft.time_zone = zone);
                }
            >
                {move || {
                    all.get()
                        .into_iter()
                        .map(|zone| {
                            let words = zones::words(&zone);
                            let value = zone.clone();
                            view! {
                                <option value=value prop:selected=move || chosen.read() == zone>
                                    {words}
                                </option>
                            }
                        })
                        .collect_view()
                }}
            </select>
            <sealpost_web::ui::FieldError id="practice-zone-error".to_owned() error=error />
            <p class="hint" id="practice-zone-hint">{text.live("practice-time-zone-hint")}</p>
        </div>
    }
}
