//! Addresses: what the desk shows is what the address says, so that it can be linked and reloaded.

use sealpost_shared::conversations::Folder;
use sealpost_shared::ids::{ContactId, ConversationId};
use sealpost_shared::paths::DESK_PAGE;

use super::steps::{Step, parse_step, step_name};

/// What an address names. Ids that cannot be ids name nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Home,
    SignIn,
    /// The first start; without a step, the first one that is due.
    Setup(Option<Step>),
    Folder(Folder, Option<ConversationId>),
    Contacts(Option<ContactId>),
    Settings(Option<SettingsPage>),
    Nowhere,
}

/// A page of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SettingsPage {
    SecureMessaging,
    Sending,
    Practice,
    ContactFields,
    People,
    Channels,
    Texts,
    ApiKeys,
    Security,
    AuditLog,
    Account,
}

impl SettingsPage {
    /// In the order of the list.
    pub const ALL: &'static [Self] = &[
        Self::SecureMessaging,
        Self::Sending,
        Self::Practice,
        Self::ContactFields,
        Self::Channels,
        Self::Texts,
        Self::People,
        Self::Security,
        Self::ApiKeys,
        Self::AuditLog,
        Self::Account,
    ];

    /// Others may not even look.
    pub const fn is_for_admins(self) -> bool {
        matches!(self, Self::People | Self::Channels | Self::AuditLog | Self::Security | Self::ApiKeys)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::SecureMessaging => "secure-messaging",
            Self::Sending => "sending",
            Self::Practice => "practice",
            Self::ContactFields => "contact-fields",
            Self::People => "people",
            Self::Channels => "channels",
            Self::Texts => "texts",
            Self::ApiKeys => "api-keys",
            Self::Security => "security",
            Self::AuditLog => "audit-log",
            Self::Account => "account",
        }
    }
}

impl Place {
    pub const fn conversation(self) -> Option<ConversationId> {
        match self {
            Self::Folder(_, open) => open,
            _ => None,
        }
    }

    pub const fn contact(self) -> Option<ContactId> {
        match self {
            Self::Contacts(open) => open,
            _ => None,
        }
    }

    pub const fn settings_page(self) -> Option<SettingsPage> {
        match self {
            Self::Settings(open) => open,
            _ => None,
        }
    }

    /// Something stands open beside the list; on phones, in its place.
    pub const fn opens_a_pane(self) -> bool {
        self.conversation().is_some() || self.contact().is_some() || self.settings_page().is_some()
    }

    /// The address, with the desk's own prefix.
    pub fn path(self) -> String {
        match self {
            Self::Home | Self::Nowhere => DESK_PAGE.to_owned(),
            Self::SignIn => format!("{DESK_PAGE}/sign-in"),
            Self::Folder(folder, None) => folder_path(folder),
            Self::Folder(folder, Some(open)) => format!("{}/{open}", folder_path(folder)),
            Self::Contacts(None) => format!("{DESK_PAGE}/contacts"),
            Self::Contacts(Some(open)) => format!("{DESK_PAGE}/contacts/{open}"),
            Self::Setup(None) => format!("{DESK_PAGE}/setup"),
            Self::Setup(Some(step)) => format!("{DESK_PAGE}/setup/{}", step_name(step)),
            Self::Settings(None) => format!("{DESK_PAGE}/settings"),
            Self::Settings(Some(page)) => format!("{DESK_PAGE}/settings/{}", page.name()),
        }
    }
}

fn folder_path(folder: Folder) -> String {
    format!("{DESK_PAGE}/{}", folder.as_str())
}

pub fn parse_place(path: &str) -> Place {
    let Some(rest) = path.strip_prefix(DESK_PAGE) else { return Place::Nowhere };
    let mut parts = rest.split('/').filter(|part| !part.is_empty());
    let (first, second) = (parts.next(), parts.next());
    if parts.next().is_some() {
        return Place::Nowhere;
    }
    match (first, second) {
        (None, _) => Place::Home,
        (Some("sign-in"), None) => Place::SignIn,
        (Some("contacts"), None) => Place::Contacts(None),
        (Some("contacts"), Some(id)) => id.parse().map_or(Place::Nowhere, |id| Place::Contacts(Some(id))),
        (Some("setup"), None) => Place::Setup(None),
        (Some("setup"), Some(name)) => {
            parse_step(name).map_or(Place::Nowhere, |step| Place::Setup(Some(step)))
        }
        (Some("settings"), None) => Place::Settings(None),
        (Some("settings"), Some(name)) => {
            let page = SettingsPage::ALL.iter().copied().find(|page| page.name() == name);
            page.map_or(Place::Nowhere, |page| Place::Settings(Some(page)))
        }
        (Some(name), open) => {
            let folder = Folder::ALL.into_iter().find(|folder| folder.as_str() == name);
            folder.map_or(Place::Nowhere, |folder| in_folder(folder, open))
        }
    }
}

fn in_folder(folder: Folder, open: Option<&str>) -> Place {
    match open.map(str::parse) {
        None => Place::Folder(folder, None),
        Some(Ok(id)) => Place::Folder(folder, Some(id)),
        Some(Err(_)) => Place::Nowhere,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn an_address_and_its_place_are_two_ways_to_say_one_thing() {
        let conversation = ConversationId::from_uuid(Uuid::from_u128(7));
        let contact = ContactId::from_uuid(Uuid::from_u128(9));
        for place in [
            Place::Home,
            Place::SignIn,
            Place::Folder(Folder::Inbox, None),
            Place::Folder(Folder::Outbox, Some(conversation)),
            Place::Folder(Folder::Archived, Some(conversation)),
            Place::Folder(Folder::Scheduled, Some(conversation)),
            Place::Folder(Folder::Failed, None),
            Place::Folder(Folder::Failed, Some(conversation)),
            Place::Contacts(None),
            Place::Contacts(Some(contact)),
            Place::Settings(None),
            Place::Setup(None),
            Place::Setup(Some(Step::SecondStep)),
        ] {
            assert_eq!(parse_place(&place.path()), place, "{place:?}");
        }
        for page in SettingsPage::ALL {
            let place = Place::Settings(Some(*page));
            assert_eq!(parse_place(&place.path()), place, "{place:?}");
        }
    }

    #[test]
    fn an_address_that_names_nothing_is_nowhere() {
        for path in [
            "/m",
            "/desk/inbox/7",
            "/desk/contacts/cnv_x",
            "/desk/inbox/a/b",
            "/desk/settings/x",
            "/desk/setup/x",
        ] {
            assert_eq!(parse_place(path), Place::Nowhere, "{path}");
        }
        assert_eq!(parse_place("/desk/"), Place::Home);
        assert_eq!(parse_place("/desk/inbox/"), Place::Folder(Folder::Inbox, None));
    }
}
