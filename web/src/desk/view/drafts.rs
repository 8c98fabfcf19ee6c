//! Forms that are saved as a merge patch: what was changed here, what somebody else changed meanwhile,
//! and where in a form a refusal belongs.

use sealpost_shared::links::LinkLifetime;
use sealpost_shared::problem::FieldError;
use sealpost_shared::settings::{
    DefaultPin, DefaultPinKind, SecureMessagingSettings, UpdateSecureMessagingSettings,
};

/// A field that nobody touched here takes the newer value. True when both sides changed it, differently:
/// then what was typed here stays.
pub fn settle<T: PartialEq + Clone>(mine: &mut T, old: &T, new: &T) -> bool {
    if mine == old {
        mine.clone_from(new);
        return false;
    }
    old != new && mine != new
}

/// What is wrong with the field that a pointer names, or with a part of it.
pub fn refusal<'a>(errors: &'a [FieldError], pointer: &str) -> Option<&'a FieldError> {
    errors.iter().find(|error| is_at(&error.pointer, pointer))
}

/// Whether an error's pointer names the field or something inside it.
pub fn is_at(error: &str, pointer: &str) -> bool {
    error.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// "line 2: cannot be read" as a sentence of its own.
pub fn as_sentence(detail: &str) -> String {
    let mut letters = detail.trim().chars();
    let Some(first) = letters.next() else { return String::new() };
    let rest = letters.as_str();
    let end = if detail.trim_end().ends_with(['.', '!', '?']) { "" } else { "." };
    first.to_uppercase().chain(rest.chars()).chain(end.chars()).collect()
}

/// A text with a piece put in place of a selection, and where the cursor stands then; places as a browser
/// counts them, in UTF-16 units.
pub fn insert_at(text: &str, from: u32, to: u32, piece: &str) -> (String, u32) {
    let (from, to) = (from.min(to), from.max(to));
    let (start, end) = (byte_of(text, from), byte_of(text, to));
    let before = &text[..start];
    let cursor = before.encode_utf16().count() + piece.encode_utf16().count();
    (format!("{before}{piece}{}", &text[end..]), u32::try_from(cursor).unwrap_or(u32::MAX))
}

fn byte_of(text: &str, units: u32) -> usize {
    let mut seen = 0;
    for (byte, letter) in text.char_indices() {
        if seen >= units {
            return byte;
        }
        seen += letter.len_utf16() as u32;
    }
    text.len()
}

/// The default PIN as it is being chosen. What is typed for one kind stays while another is looked at.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PinDraft {
    pub kind: DefaultPinKind,
    /// A new PIN for everybody; none while the saved one stays.
    pub text: Option<String>,
    pub template: String,
}

impl PinDraft {
    fn of(saved: &DefaultPin) -> Self {
        let template = match saved.kind {
            DefaultPinKind::Template => saved.value.clone().unwrap_or_default(),
            DefaultPinKind::None | DefaultPinKind::Text => String::new(),
        };
        Self { kind: saved.kind, text: None, template }
    }

    fn patch(&self, saved: &DefaultPin) -> Option<DefaultPin> {
        let value = match self.kind {
            DefaultPinKind::None => None,
            DefaultPinKind::Text => {
                if saved.kind == DefaultPinKind::Text && self.text.is_none() {
                    return None;
                }
                Some(self.text.clone().unwrap_or_default())
            }
            DefaultPinKind::Template => Some(self.template.clone()),
        };
        let wanted = DefaultPin { kind: self.kind, value };
        (wanted != *saved).then_some(wanted)
    }

    /// What a preview may know of it: not a PIN that is being typed.
    pub fn shown(&self) -> DefaultPin {
        let template = self.kind == DefaultPinKind::Template;
        DefaultPin { kind: self.kind, value: template.then(|| self.template.clone()) }
    }
}

/// The secure-messaging settings as they are being changed. Whether the feature is on is no part of it:
/// that switch acts by itself.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SecureDraft {
    pub secure_by_default: bool,
    pub sms_body: String,
    pub email_subject: String,
    pub email_body: String,
    pub lifetime: LinkLifetime,
    pub pin_enabled: bool,
    pub pin: PinDraft,
    pub require_pin_over_24_hours: bool,
    pub refuse_weak_pins: bool,
    pub hide_hint: bool,
}

impl SecureDraft {
    pub fn of(saved: &SecureMessagingSettings) -> Self {
        Self {
            secure_by_default: saved.secure_by_default,
            sms_body: saved.notice_sms_body.clone(),
            email_subject: saved.notice_email_subject.clone(),
            email_body: saved.notice_email_body.clone(),
            lifetime: saved.link_lifetime,
            pin_enabled: saved.pin_enabled,
            pin: PinDraft::of(&saved.default_pin),
            require_pin_over_24_hours: saved.require_pin_over_24_hours,
            refuse_weak_pins: saved.refuse_weak_pins,
            hide_hint: saved.hide_hint,
        }
    }

    /// Only what differs from what is saved.
    pub fn patch(&self, saved: &SecureMessagingSettings) -> UpdateSecureMessagingSettings {
        let text = |mine: &String, saved: &String| (mine != saved).then(|| mine.clone());
        let flag = |mine: bool, saved: bool| (mine != saved).then_some(mine);
        UpdateSecureMessagingSettings {
            enabled: None,
            secure_by_default: flag(self.secure_by_default, saved.secure_by_default),
            notice_sms_body: text(&self.sms_body, &saved.notice_sms_body),
            notice_email_subject: text(&self.email_subject, &saved.notice_email_subject),
            notice_email_body: text(&self.email_body, &saved.notice_email_body),
            link_lifetime: (self.lifetime != saved.link_lifetime).then_some(self.lifetime),
            pin_enabled: flag(self.pin_enabled, saved.pin_enabled),
            default_pin: self.pin.patch(&saved.default_pin),
            require_pin_over_24_hours: flag(self.require_pin_over_24_hours, saved.require_pin_over_24_hours),
            refuse_weak_pins: flag(self.refuse_weak_pins, saved.refuse_weak_pins),
            hide_hint: flag(self.hide_hint, saved.hide_hint),
        }
    }

    pub fn differs(&self, saved: &SecureMessagingSettings) -> bool {
        self.patch(saved) != UpdateSecureMessagingSettings::default()
    }

    /// Takes what somebody else saved meanwhile. The pointers of what both changed.
    pub fn rebase(
        &mut self,
        old: &SecureMessagingSettings,
        new: &SecureMessagingSettings,
    ) -> Vec<&'static str> {
        let (old, new) = (Self::of(old), Self::of(new));
        let clashes = [
            (
                "/secure_by_default",
                settle(&mut self.secure_by_default, &old.secure_by_default, &new.secure_by_default),
            ),
            ("/notice_sms_body", settle(&mut self.sms_body, &old.sms_body, &new.sms_body)),
            (
                "/notice_email_subject",
                settle(&mut self.email_subject, &old.email_subject, &new.email_subject),
            ),
            ("/notice_email_body", settle(&mut self.email_body, &old.email_body, &new.email_body)),
            ("/link_lifetime", settle(&mut self.lifetime, &old.lifetime, &new.lifetime)),
            ("/pin_enabled", settle(&mut self.pin_enabled, &old.pin_enabled, &new.pin_enabled)),
            ("/default_pin", settle(&mut self.pin, &old.pin, &new.pin)),
            (
                "/require_pin_over_24_hours",
                settle(
                    &mut self.require_pin_over_24_hours,
                    &old.require_pin_over_24_hours,
                    &new.require_pin_over_24_hours,
                ),
            ),
            (
                "/refuse_weak_pins",
                settle(&mut self.refuse_weak_pins, &old.refuse_weak_pins, &new.refuse_weak_pins),
            ),
            ("/hide_hint", settle(&mut self.hide_hint, &old.hide_hint, &new.hide_hint)),
        ];
        clashes.into_iter().filter(|(_, clash)| *clash).map(|(pointer, _)| pointer).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved() -> SecureMessagingSettings {
        SecureMessagingSettings {
            enabled: true,
            secure_by_default: true,
            notice_sms_body: "Read: {{ secure_link }}".to_owned(),
            notice_email_subject: "A message".to_owned(),
            notice_email_body: "Read: {{ secure_link }}".to_owned(),
            link_lifetime: LinkLifetime::Hours24,
            pin_enabled: true,
            default_pin: DefaultPin { kind: DefaultPinKind::Text, value: None },
            require_pin_over_24_hours: false,
            refuse_weak_pins: false,
            hide_hint: false,
            live_links: 0,
        }
    }

    fn patch_of(draft: &SecureDraft) -> serde_json::Value {
        serde_json::to_value(draft.patch(&saved())).expect("json")
    }

    #[test]
    fn a_patch_of_settings_holds_only_what_changed() {
        let mut draft = SecureDraft::of(&saved());
        assert!(!draft.differs(&saved()));
        draft.hide_hint = true;
        draft.sms_body = "Look: {{ secure_link }}".to_owned();
        let expected = serde_json::json!({ "notice_sms_body": "Look: {{ secure_link }}", "hide_hint": true });
        assert_eq!(patch_of(&draft), expected);
    }

    #[test]
    fn a_saved_pin_stays_until_a_new_one_is_typed() {
        let mut draft = SecureDraft::of(&saved());
        draft.pin.kind = DefaultPinKind::None;
        assert_eq!(patch_of(&draft), serde_json::json!({ "default_pin": { "kind": "none" } }));
        draft.pin.kind = DefaultPinKind::Text;
        assert!(!draft.differs(&saved()), "back to what it was");
        draft.pin.text = Some("4821".to_owned());
        assert_eq!(
            patch_of(&draft),
            serde_json::json!({ "default_pin": { "kind": "text", "value": "4821" } })
        );
        assert_eq!(draft.pin.shown(), DefaultPin { kind: DefaultPinKind::Text, value: None });
    }

    #[test]
    fn what_somebody_else_saved_is_taken_where_nothing_was_typed() {
        let mut draft = SecureDraft::of(&saved());
        draft.sms_body = "Mine: {{ secure_link }}".to_owned();
        draft.hide_hint = true;
        let mut theirs = saved();
        theirs.notice_sms_body = "Theirs: {{ secure_link }}".to_owned();
        theirs.link_lifetime = LinkLifetime::Days10;
        theirs.hide_hint = true;
        assert_eq!(draft.rebase(&saved(), &theirs), ["/notice_sms_body"]);
        assert_eq!(draft.sms_body, "Mine: {{ secure_link }}");
        assert_eq!(draft.lifetime, LinkLifetime::Days10);
        assert!(draft.hide_hint);
    }

    #[test]
    fn a_field_goes_in_where_the_cursor_stands() {
        assert_eq!(insert_at("Hi , bye", 3, 3, "{{ a }}"), ("Hi {{ a }}, bye".to_owned(), 10));
        assert_eq!(insert_at("Hi you", 6, 3, "{{ a }}"), ("Hi {{ a }}".to_owned(), 10));
        assert_eq!(insert_at("🐱é!", 3, 3, "{{ a }}"), ("🐱é{{ a }}!".to_owned(), 10));
        assert_eq!(insert_at("", 9, 9, "x"), ("x".to_owned(), 1));
    }

    #[test]
    fn a_refusal_lands_on_its_field() {
        assert!(is_at("/office_hours", "/office_hours"));
        assert!(is_at("/office_hours/2/closes", "/office_hours"));
        assert!(!is_at("/office_hours_and_more", "/office_hours"));
        assert!(!is_at("", "/office_hours"));
    }

    #[test]
    fn a_detail_is_said_as_a_sentence() {
        assert_eq!(as_sentence("line 2: cannot be read"), "Line 2: cannot be read.");
        assert_eq!(as_sentence("Known already."), "Known already.");
        assert_eq!(as_sentence(" "), "");
    }
}
