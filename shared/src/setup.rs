//! Setting an installation up: the first start's wizard, and the checklist on the home screen.

use serde::{Deserialize, Serialize};

/// A step of the wizard, in the order that it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum SetupStepId {
    /// Name, email and password of the person who is signed in. Cannot be skipped: it is the way back in.
    Admin,
    /// A code from an app beside the password.
    SecondStep,
    /// The organization's name, time zone and phone.
    Practice,
    /// The public URL, checked from the browser and from here.
    Address,
    Sms,
    Email,
    /// Colleagues.
    Invitations,
    /// A secure message to oneself.
    FirstMessage,
}

impl SetupStepId {
    pub const ALL: [Self; 8] = [
        Self::Admin,
        Self::SecondStep,
        Self::Practice,
        Self::Address,
        Self::Sms,
        Self::Email,
        Self::Invitations,
        Self::FirstMessage,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::SecondStep => "second_step",
            Self::Practice => "practice",
            Self::Address => "address",
            Self::Sms => "sms",
            Self::Email => "email",
            Self::Invitations => "invitations",
            Self::FirstMessage => "first_message",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum SetupState {
    Due,
    /// It is so, whoever did it and wherever: in the wizard, in the settings, in the environment.
    Done,
    Skipped,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SetupStep {
    pub id: SetupStepId,
    pub state: SetupState,
}

/// How far the setup has come. The first step that is `due` is where the wizard goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Setup {
    /// All of them, in order.
    pub steps: Vec<SetupStep>,
    /// Every step was done or skipped.
    pub finished: bool,
    /// The checklist was put away.
    pub dismissed: bool,
    /// Nobody could sign in again: no admin has a password yet. Leaving the desk now needs a new setup
    /// link, which the server prints when it starts.
    pub leaving_locks_out: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "server", schema(example = json!({ "step": "sms" })))]
pub struct SkipSetupStep {
    pub step: SetupStepId,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CheckAddress {
    /// Where the browser stands: `location.origin`.
    #[cfg_attr(feature = "server", schema(max_length = 300, example = "https://messages.riverside.example"))]
    pub origin: String,
}

/// What the public URL was looked at for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum AddressCheckId {
    /// https, or this computer.
    Scheme,
    /// The same as where the browser stands.
    SameAsBrowser,
    /// Something other than this computer can be written to clients.
    UsableByClients,
    /// This very server answers there.
    Reachable,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AddressFinding {
    pub id: AddressCheckId,
    pub ok: bool,
    /// Neither right nor wrong: so it is on one computer alone, and that is enough to try Sealpost.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub note: bool,
    /// A sentence for a person: what was found and, when it is wrong, what to do.
    pub detail: String,
}

/// What was found of the configured public URL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AddressCheck {
    /// As links carry it.
    pub public_url: String,
    /// Everything is right; `usable_by_clients` alone may be wrong while one tries things out on one computer.
    pub ok: bool,
    pub findings: Vec<AddressFinding>,
    /// The line to put into the server's environment, when another address would be right. The server
    /// reads it when it starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment_line: Option<String>,
}
