//! What a person is told by email of their own account, so that whoever did not do it hears of it: queued in the
//! transaction of the change, to the address that the account had before it. No address, no token and no link stands
//! in these mails: there is nothing to press, and nothing that a copy of them could teach people to press.

use sea_orm::DatabaseTransaction;
use sealpost_shared::text::Email;

use crate::channels;
use crate::delivery::{EmailContent, StaffMail, enqueue_staff_mail};
use crate::entities::{organization, user};
use crate::problem::{Problem, Result, not_found};
use crate::state::State;

/// What was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Password,
    Email,
    AppOn,
    AppOff,
    /// By an admin, for somebody who lost the phone.
    SecondStepTakenAway,
    RecoveryCodes,
    PasskeyAdded,
    PasskeyRemoved,
}

impl Change {
    const fn subject(self) -> &'static str {
        match self {
            Self::Password => "Your password was changed",
            Self::Email => "Your email address was changed",
            Self::AppOn => "Codes from an app were turned on",
            Self::AppOff => "Codes from an app were turned off",
            Self::SecondStepTakenAway => "Your second step was taken away",
            Self::RecoveryCodes => "Your recovery codes were renewed",
            Self::PasskeyAdded => "A passkey was added",
            Self::PasskeyRemoved => "A passkey was removed",
        }
    }

    fn what(self, organization: &str) -> String {
        let account = format!("your account with {organization} on Sealpost");
        match self {
            Self::Password => {
                format!("The password of {account} was changed, and you were signed out everywhere else.")
            }
            Self::Email => format!(
                "The email address of {account} was changed. You sign in with the new one from now on; this address gets \
                 no more mail about it."
            ),
            Self::AppOn => format!(
                "From now on, signing in to {account} asks for a code from your app. You were signed out everywhere else."
            ),
            Self::AppOff => {
                format!("Signing in to {account} does not ask for a code from your app any more.")
            }
            Self::SecondStepTakenAway => format!(
                "An admin has taken the second step of {account} away: your password alone lets you in until you set \
                 one up again."
            ),
            Self::RecoveryCodes => {
                format!("New recovery codes were made for {account}. Those from before do not work any more.")
            }
            Self::PasskeyAdded => format!("A passkey was added to {account}. It can be used to sign in."),
            Self::PasskeyRemoved => {
                format!("A passkey of {account} was removed. It does not let you in any more.")
            }
        }
    }

    fn not_you(self, organization: &str) -> String {
        let tell = format!("tell an admin of {organization} at once");
        match self {
            // Whoever did it knows the password, or has just made it another.
            Self::Password | Self::Email => {
                format!("You did not do this? Then {tell}: somebody else can sign in as you.")
            }
            Self::SecondStepTakenAway => format!("You did not ask for this? Then {tell}."),
            _ => format!("You did not do this? Then change your password and {tell}."),
        }
    }
}

/// To the address in `before`; nobody where there is none yet, or where no email is sent at all.
pub(super) async fn tell(
    state: &State,
    tx: &DatabaseTransaction,
    before: &user::Model,
    change: Change,
) -> Result<()> {
    channels::refresh(state, tx).await?;
    if before.email.is_empty() || state.senders.email().is_none() {
        return Ok(());
    }
    let to = before.email.parse::<Email>().map_err(Problem::internal)?;
    let organization = organization::get(tx, before.organization_id).await?.ok_or_else(not_found)?.name;
    let text = format!(
        "Hello {},\n\n{}\n\n{}",
        before.name,
        change.what(&organization),
        change.not_you(&organization)
    );
    let content = EmailContent::plain(&organization, change.subject(), &text);
    let mail =
        StaffMail { organization: before.organization_id, invitation: None, not_after: None, to, content };
    enqueue_staff_mail(state, tx, mail).await
}
