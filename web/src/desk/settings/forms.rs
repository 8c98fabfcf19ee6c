//! What is being changed in the settings. Kept while somebody is signed in, so that leaving a page loses
//! nothing; the browser asks before the tab closes on something unsaved, or on a message that was not sent.

use leptos::prelude::*;
use sealpost_web::leaving::ask_before_leaving;

use super::practice::PracticeForm;
use super::secure::SecureForm;
use super::security::SecurityForm;
use super::sending::SendingForm;
use super::texts::TextsForm;
use crate::desk::Desk;
use crate::view::SettingsPage;

#[derive(Clone, Copy)]
pub struct Forms {
    pub secure: SecureForm,
    pub practice: PracticeForm,
    pub security: SecurityForm,
    pub texts: TextsForm,
    pub sending: SendingForm,
}

impl Forms {
    /// Once, with the shell.
    pub fn provide(desk: Desk) -> Self {
        let forms = Self {
            secure: SecureForm::new(desk),
            practice: PracticeForm::new(desk),
            security: SecurityForm::new(desk),
            texts: TextsForm::new(desk),
            sending: SendingForm::new(desk),
        };
        provide_context(forms);
        ask_before_leaving(move || forms.any_unsaved() || desk.has_drafts());
        forms
    }

    pub fn from_context() -> Self {
        expect_context()
    }

    pub fn unsaved(self, page: SettingsPage) -> bool {
        match page {
            SettingsPage::SecureMessaging => self.secure.dirty.get(),
            SettingsPage::Practice => self.practice.dirty.get(),
            SettingsPage::Security => self.security.dirty.get(),
            SettingsPage::Texts => self.texts.dirty.get(),
            SettingsPage::Sending => self.sending.dirty.get(),
            SettingsPage::ContactFields
            | SettingsPage::People
            | SettingsPage::ApiKeys
            | SettingsPage::Channels
            | SettingsPage::AuditLog
            | SettingsPage::Account => false,
        }
    }

    pub fn any_unsaved(self) -> bool {
        [self.secure.dirty, self.practice.dirty, self.security.dirty, self.texts.dirty, self.sending.dirty]
            .iter()
            .any(GetUntracked::get_untracked)
    }
}
