//! The practice: what it is called, whom clients call, and which clock it lives by.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use sealpost_shared::patch::Patch;
use sealpost_shared::settings::UpdateOrganizationSettings;
use sealpost_shared::staff::Organization;
use sealpost_shared::text::Name;
use sealpost_web::client::{settings, staff};
use sealpost_web::text::Text;
use sealpost_web::ui::{Choice, Field};
use sealpost_web::zones;

use super::Wizard;
use super::frame::{Foot, StepPage};
use crate::form::{Form, FormError, Known};
use crate::view::Step;

const KNOWN: Known = &[
    ("/name", "setup-practice-name-wrong"),
    ("/phone", "setup-practice-phone-wrong"),
    ("/time_zone", "setup-practice-zone-wrong"),
];

/// What is typed.
#[derive(Clone, Copy)]
struct Fields {
    form: Form,
    name: RwSignal<String>,
    phone: RwSignal<String>,
    zone: RwSignal<String>,
}

impl Fields {
    /// An organization that is not set up yet has no name and no zone of its own; this computer's zone is the
    /// best guess.
    fn of(known: Option<Organization>) -> Self {
        let name = known.as_ref().map(|organization| organization.card.name.clone());
        let phone = known.as_ref().and_then(|organization| organization.card.phone.clone());
        let zone = known.map(|organization| organization.time_zone).or_else(zones::own);
        Self {
            form: Form::new(KNOWN),
            name: RwSignal::new(name.unwrap_or_default()),
            phone: RwSignal::new(phone.unwrap_or_default()),
            zone: RwSignal::new(zone.unwrap_or_else(|| "UTC".to_owned())),
        }
    }

    fn read(self) -> Option<UpdateOrganizationSettings> {
        let name = self.form.read::<Name>("/name", self.name, "setup-practice-name-wrong")?;
        let phone = self.phone.get_untracked().trim().to_owned();
        Some(UpdateOrganizationSettings {
            name: Some(name),
            phone: if phone.is_empty() { Patch::Clear } else { Patch::Set(phone) },
            time_zone: Some(self.zone.get_untracked()),
            ..UpdateOrganizationSettings::default()
        })
    }
}

#[component]
pub fn Practice() -> impl IntoView {
    let wizard = Wizard::from_context();
    let gate = wizard.desk.gate;
    let card = gate.session.with_untracked(|session| session.as_ref().map(|s| s.organization.clone()));
    let fields = Fields::of(card.filter(|_| wizard.is_done(Step::Practice)));
    let submit = move |event: SubmitEvent| {
        let call = |patch| async move {
            settings::update_organization(&patch).await?;
            // The session carries the name that the desk shows.
            staff::session().await
        };
        fields.form.submit(
            &event,
            || fields.read(),
            call,
            move |session| {
                gate.session.set(Some(session));
                wizard.onward(Step::Practice);
            },
        );
    };
    view! {
        <StepPage step=Step::Practice>
            <form class="setup-form" node_ref=fields.form.node on:submit=submit novalidate>
                <Inputs fields=fields />
                <FormError form=fields.form id="setup-error" />
                <Foot step=Step::Practice busy=fields.form.busy skip=true />
            </form>
        </StepPage>
    }
}

#[component]
fn Inputs(fields: Fields) -> impl IntoView {
    let text = Text::from_context();
    let zones = zones::all(&fields.zone.get_untracked());
    let zones = Signal::stored(zones.into_iter().map(|zone| (zone.clone(), zones::words(&zone))).collect());
    view! {
        <Field
            id="setup-practice-name"
            label=text.live("setup-practice-name")
            hint=text.live("setup-practice-name-hint")
            value=fields.name
            autocomplete="organization"
            required=true
            error=fields.form.wrong("/name", fields.name)
        />
        <Field
            id="setup-practice-phone"
            label=text.live("setup-practice-phone")
            hint=text.live("setup-practice-phone-hint")
            value=fields.phone
            kind="tel"
            autocomplete="tel"
            error=fields.form.wrong("/phone", fields.phone)
        />
        <Choice
            id="setup-practice-zone"
            label=text.live("setup-practice-zone")
            hint=text.live("setup-practice-zone-hint")
            value=fields.zone
            options=zones
            error=fields.form.wrong("/time_zone", fields.zone)
        />
    }
}
