## The audit log

settings-audit-log = Audit log
settings-audit-log-what = Who did what, and whether it is as it was written.
audit-sound = Every entry is as it was written. There { $n ->
    [one] is { $n } entry
   *[other] are { $n } entries
 }.
audit-sound-what = { $n ->
    [one] The newest entry was looked at.
   *[other] The newest { $n } were looked at.
 } Whoever runs the server can look at all of them with sealpost audit verify.
audit-broken = Entry { $n } { $what }.
audit-broken-what = Somebody changed the database. Tell whoever runs the server, and leave everything as it is: sealpost audit verify says more.
audit-fault-missing = is missing
audit-fault-changed = is not what was written
audit-fault-order = does not follow the one before
audit-fault-added = was added at the end
audit-fault-end = is not where the log ended
audit-entries = What happened
audit-download = Download
audit-filters = Filters
audit-who = Who
audit-anybody = Anybody
audit-what = What
audit-anything = Anything
audit-from = From
audit-to = To
audit-about = About
audit-about-hint = The id of a contact, message or link, as the log shows it.
audit-clear = Clear the filters
audit-empty = Nothing has happened yet.
audit-empty-filtered = Nothing like this has happened.
audit-by-staff = A colleague
audit-by-api_key = An API key
audit-by-contact = A contact
audit-by-link_holder = Somebody with a link
audit-by-system = Sealpost

## What is written down

audit-api_key-created = An API key was made
audit-audit-exported = The audit log was downloaded
audit-audit-viewed = The audit log was looked at
audit-channel-changed = A channel’s settings were changed
audit-channel-removed = A channel’s settings were removed
audit-channel-test_failed = A channel’s test failed
audit-channel-tested = A channel was tested
audit-contact-created = A contact was added
audit-contact-erased = A contact was erased
audit-contact-opted_in = A contact asked for messages again
audit-contact-opted_out = A contact asked for no more messages
audit-contact-pin_removed = A contact’s PIN was removed
audit-contact-pin_set = A contact’s PIN was set
audit-contact-unlocked = A contact’s PIN was unlocked
audit-contact-updated = A contact was changed
audit-contact_field-created = A contact field was added
audit-contact_field-deleted = A contact field was removed
audit-contact_field-updated = A contact field was changed
audit-conversation-archived = A conversation was archived
audit-conversation-read = A conversation was read
audit-conversation-unarchived = A conversation was brought back
audit-delivery-canceled = A notice was canceled
audit-delivery-failed = A notice could not be delivered
audit-delivery-sent = A notice was sent
audit-inbound-held = A message from somebody unknown was held
audit-invitation-accepted = An invitation was accepted
audit-invitation-created = A colleague was invited
audit-invitation-resent = An invitation was sent again
audit-invitation-withdrawn = An invitation was withdrawn
audit-link-entered = A private link was entered
audit-link-pin_failed = A wrong PIN was typed
audit-link-pin_locked = A private link was locked after wrong PINs
audit-link-relink_refused = A new link was asked for and refused
audit-link-relinked = A new link was asked for and sent
audit-link-resent = A fresh link was sent
audit-link-revoked = A private link was revoked
audit-link-unlocked = A private link was unlocked
audit-message-answered = A reply was sent by itself
audit-message-received = A message came in
audit-message-sent = A message was sent
audit-organization-created = The practice was set up
audit-reads-missing = Reads that could not be written down: their number
audit-session-ended = Somebody signed out
audit-session-ended_remotely = Somebody was signed out from another browser
audit-session-left = A patient left
audit-session-started = Somebody signed in
audit-settings-logo_changed = The logo was changed
audit-settings-logo_removed = The logo was removed
audit-settings-organization_changed = The practice’s details were changed
audit-settings-secure_messaging_changed = Secure messaging was changed
audit-setup-dismissed = The setup list was put away
audit-setup-step_skipped = A step of the setup was skipped
audit-staff_mail-failed = An email to a colleague could not be delivered
audit-staff_mail-sent = An email to a colleague was sent
audit-user-created = An account was made
audit-user-disabled = An account was disabled
audit-user-email_changed = An account’s email was changed
audit-user-enabled = An account was let in again
audit-user-password_changed = A password was changed
audit-user-recovery_code_used = A recovery code was used
audit-user-renamed = An account’s name was changed
audit-user-role_changed = An account’s role was changed
audit-user-second_step_reset = A colleague’s second step was turned off
audit-user-second_step_turned_off = A second step was turned off
audit-user-second_step_turned_on = A second step was turned on
