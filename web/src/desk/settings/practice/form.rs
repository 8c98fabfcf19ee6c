//! The form of the practice's own settings.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::settings::{OrganizationSettings, UpdateOrganizationSettings};
use sealpost_web::client::{Answer, settings, staff};

use crate::desk::Desk;
use crate::settings::form::{Draft, Form};
use crate::view::{PracticeDraft, Wrong};

pub type PracticeForm = Form<PracticeDraft>;

impl Draft for PracticeDraft {
    type Saved = OrganizationSettings;
    type Patch = UpdateOrganizationSettings;
    const FIELDS: &'static [(&'static str, &'static str)] = &[
        ("/name", "practice-name"),
        ("/phone", "practice-phone"),
        ("/time_zone", "practice-time-zone"),
        ("/accent_color", "color-title"),
        ("/emergency_notice", "practice-emergency"),
        ("/office_hours", "hours-title"),
    ];

    fn of(saved: &Self::Saved) -> Self {
        Self::of(saved)
    }

    fn differs(&self, saved: &Self::Saved) -> bool {
        self.differs(saved)
    }

    fn patch(&self, saved: &Self::Saved) -> Result<Self::Patch, Vec<Wrong>> {
        self.patch(saved)
    }

    fn rebase(&mut self, old: &Self::Saved, new: &Self::Saved) -> Vec<&'static str> {
        self.rebase(old, new)
    }

    async fn fetch() -> Answer<Self::Saved> {
        settings::organization().await
    }

    async fn store(patch: Self::Patch) -> Answer<Self::Saved> {
        settings::update_organization(&patch).await
    }

    /// Name, logo and colour stand in the navigation too.
    fn tell(desk: Desk, saved: &Self::Saved) {
        let shown = desk.gate.session.with_untracked(|session| {
            session.as_ref().is_some_and(|session| {
                let card = &session.organization.card;
                card.name == saved.name
                    && card.logo_url == saved.logo_url
                    && card.accent_color.as_deref() == saved.accent_color.as_ref().map(|color| color.as_str())
            })
        });
        if shown {
            return;
        }
        spawn_local(async move {
            if let Ok(session) = desk.gate.hear(staff::session().await) {
                desk.gate.session.try_set(Some(session));
            }
        });
    }
}
