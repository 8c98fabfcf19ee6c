//! The form of the secure-messaging settings.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::settings::{SecureMessagingSettings, UpdateSecureMessagingSettings};
use sealpost_web::client::{Answer, settings};
use sealpost_web::text::Text;

use crate::desk::Desk;
use crate::settings::form::{Draft, Form};
use crate::view::{SecureDraft, Wrong};

pub type SecureForm = Form<SecureDraft>;

impl Draft for SecureDraft {
    type Saved = SecureMessagingSettings;
    type Patch = UpdateSecureMessagingSettings;
    const FIELDS: &'static [(&'static str, &'static str)] = &[
        ("/secure_by_default", "secure-by-default"),
        ("/notice_sms_body", "notice-sms"),
        ("/notice_email_subject", "notice-subject"),
        ("/notice_email_body", "notice-body"),
        ("/link_lifetime", "links-lifetime"),
        ("/pin_enabled", "pins-on"),
        ("/default_pin", "pins-default"),
        ("/default_pin/value", "pins-default"),
        ("/require_pin_over_24_hours", "pins-long-links"),
        ("/refuse_weak_pins", "pins-refuse-weak"),
        ("/hide_hint", "links-hide-hint"),
    ];

    fn of(saved: &Self::Saved) -> Self {
        Self::of(saved)
    }

    fn differs(&self, saved: &Self::Saved) -> bool {
        self.differs(saved)
    }

    fn patch(&self, saved: &Self::Saved) -> Result<Self::Patch, Vec<Wrong>> {
        Ok(self.patch(saved))
    }

    fn rebase(&mut self, old: &Self::Saved, new: &Self::Saved) -> Vec<&'static str> {
        self.rebase(old, new)
    }

    async fn fetch() -> Answer<Self::Saved> {
        settings::secure_messaging().await
    }

    async fn store(patch: Self::Patch) -> Answer<Self::Saved> {
        settings::update_secure_messaging(&patch).await
    }

    fn tell(desk: Desk, saved: &Self::Saved) {
        desk.settings.try_set(Some(saved.clone()));
    }
}

/// The feature itself, at once: the other fields keep what was typed.
pub fn turn(form: SecureForm, on: bool, text: Text) {
    if !form.saving.start() {
        return;
    }
    let patch = UpdateSecureMessagingSettings { enabled: Some(on), ..Default::default() };
    spawn_local(async move {
        match form.desk.gate.hear(settings::update_secure_messaging(&patch).await) {
            Ok(fresh) => {
                form.take(fresh);
                form.saving.done();
            }
            Err(error) => form.saving.failed(text, &error, &[]),
        }
    });
}
