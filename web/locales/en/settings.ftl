# The words of the settings. Grade 6 English, verbs first, no codes.

settings-pages = Pages of the settings
settings-back = Back to settings
settings-read-only = You can look at these settings. Only an admin can change them.
settings-secure-messaging = Secure messaging
settings-secure-messaging-what = Send a private link instead of the message itself.
settings-practice = Practice
settings-practice-what = What your clients see of you: logo, color, phone and hours.
settings-contact-fields = Contact fields
settings-contact-fields-what = What you keep about people besides name, phone and email.
settings-help = Help and documentation
settings-help-what = How things work, in a new tab.
settings-on = On
settings-off = Off
settings-save = Save changes
settings-saving = Saving…
settings-saved = Saved.
settings-unsaved = Not saved yet.
settings-unsaved-tag = Not saved
leave-unsaved-ask = Sign out without saving?
leave-unsaved-what = You changed something in the settings and did not save it. It is lost when you sign out.
settings-discard = Discard changes
settings-offline = We cannot reach the server. Nothing was saved. Your changes stay here; try again when you are back online.
settings-check = Nothing was saved yet. Check the marked fields.
settings-clash = Somebody else changed this too while you were working: { $fields }. Your version is shown here. Save again to keep yours, or discard your changes to see theirs.

## Secure messaging

secure-enabled = Secure messaging
secure-enabled-hint = Messages stay here; your clients get a link. This switch works at once.
secure-by-default = Send securely unless you choose otherwise
secure-by-default-hint = New messages start with “Send securely” turned on. You can turn it off for one.
turn-off-ask = Turn off secure messaging?
turn-off-new = From now on, new messages go out as they stand. Nobody can send a private link.
turn-off-links = { $n ->
    [0] No link is open right now.
    [one] 1 link that a client has now keeps working until it ends.
   *[other] { $n } links that clients have now keep working until they end.
}
turn-off-many = More than 10,000 links that clients have now keep working until they end.
turn-off-ended = When a link has ended, its client cannot get a new one. You can turn this on again at any time.
turn-off-keep = Keep it on
turn-off-yes = Turn off

notice-title = The notice your clients get
notice-sms = Text message
notice-subject = Email subject
notice-body = Email
notice-must-link = Must contain { $code }, the client’s own link.
insert = Insert a field
insert-into = Insert a field into: { $name }
piece-link = The private link
piece-user-and-company = Who wrote, and your practice
piece-user = Who wrote
piece-organization = Your practice
piece-organization-phone = Your phone number
piece-office-hours = Your office hours
piece-first-name = The client’s first name
piece-phone-end = Last 4 digits of the phone number
piece-last-name = Last name, in small letters
piece-external-id = Your own id of the contact
sms-count = { $characters ->
    [one] 1 character
   *[other] { $characters } characters
}, { $segments ->
    [one] 1 SMS segment
   *[other] { $segments } SMS segments
}. Room for { $left } more.
sms-unicode = Only 67 to 70 fit into a segment because of: { $letters }
preview-as = Preview as
preview-invented = (made up)
preview-change = Choose a contact
preview-choose = Preview as which contact?
preview-sms = Text message
preview-email = Email
preview-wrong = The preview is back once the text is right.
preview-away = We cannot make the preview right now.

links-title = Links
links-lifetime = Links expire after
links-lifetime-hint = Clients can ask for a new link when one has expired. It only ever goes to the number or address on file.
links-hide-hint = Do not show where a new link goes
links-hide-hint-hint = An expired link then does not show the last digits of the phone number or parts of the address.

pins-title = PIN
pins-on = Ask for a PIN
pins-on-hint = Order: the message’s own PIN, the contact’s PIN, then the default.
pins-default = Default PIN
pins-default-hint = For contacts who have no PIN of their own. Tell clients their PIN some other way than this message.
pins-none = No PIN
pins-text = One for all
pins-template = From a contact field
pins-is-set = A PIN is set. We never show it.
pins-change = Change
pins-keep = Keep the PIN that is set
pins-new = PIN for all
pins-new-hint = 4 to 64 characters: letters, digits, anything. Write it down for yourself, we will not show it again.
pins-refuse-weak = Refuse PINs that are easy to guess
pins-refuse-weak-hint = Fewer than 6 characters, repeats, sequences, well-known ones, and dates or phone digits of the contact. PINs that are set already stay.
pins-template-label = Made of
pins-template-hint = Each contact gets the PIN that these fields give. A contact for whom they give nothing cannot be sent a secure message.
pins-long-links = Links over 24 hours need a PIN
pins-long-links-hint = A longer link is refused for contacts without a PIN.
pin-for-none = { $name } would open the message with a tap, without a PIN.
pin-for-contact = { $name } would be asked for their own PIN.
pin-for-text = { $name } would be asked for the PIN for all.
pin-for-template = { $name } would be asked for the PIN made of these fields.
pin-for-nobody = These fields give no PIN for { $name }. No secure message can be sent to them.

try-out-open = Send a test to myself
try-out-what = You get a real secure message, as a client would: the notice, the link and the page behind it.
try-out-unsaved = Your changes are not saved yet. The test uses what is saved.
try-out-channel = Send it by
try-out-phone = Your phone number
try-out-email = Your email address
try-out-send = Send test
try-out-sent = A test is on its way to { $to }.
try-out-arrived = A test was sent to { $to }. Open its link to see what your clients see.
try-out-failed = The test did not reach { $to }.

## Practice

logo-title = Logo
logo-hint = PNG or JPEG, at most 1 MB. It stands beside your name on every page that clients see.
logo-choose = Choose a picture
logo-replace = Choose another
logo-remove = Remove logo
logo-use = Use this logo
logo-chosen = The picture you chose
logo-saved = The logo is saved. Your clients see it from now on.
logo-removed = The logo is gone. Your clients see the first letters of your name.
logo-kind = This is not a picture we can use. Choose a PNG or JPEG file.
logo-large = This picture is too large. Choose one of at most 1 MB.
color-title = Color
color-pick = Pick a color
color-code = Color code
color-house = Use the usual color
color-wrong = Write the color as # and six letters or digits, such as #0f6e6e.
color-good = White words on this color: { $ratio } to 1. Easy to read.
color-faint = White words on this color: { $ratio } to 1. Too faint to read; it takes 4.5 to 1.
color-darker = Use a darker one: { $color }
practice-details = Name and phone
practice-name = Name
practice-name-wrong = Write a name of 1 to 100 characters.
practice-phone = Phone number
practice-phone-hint = As people read it. Clients see it wherever they may need help.
practice-phone-wrong = This is too long. A phone number can have 40 characters.
practice-emergency = In an emergency
practice-emergency-hint = Stands on every page that clients see. Leave it empty to keep the usual words.
practice-emergency-wrong = This is too long. It can have 200 characters.
practice-time-zone = Time zone
practice-time-zone-hint = For your office hours and for times in messages.
hours-title = Office hours
hours-said = Say when you can be called
hours-said-hint = In your time zone.
hours-closed = Closed
hours-from = { $day }, from
hours-until = { $day }, until
hours-wrong = Give each open day two times, the later one last.
weekday-monday = Monday
weekday-tuesday = Tuesday
weekday-wednesday = Wednesday
weekday-thursday = Thursday
weekday-friday = Friday
weekday-saturday = Saturday
weekday-sunday = Sunday
picture-label = What your clients see

## Contact fields

fields-what = Add what you need to know about people, such as the year of birth. Values are sealed like phone numbers.
fields-empty = Your own fields show up here. You can use them in the default PIN.
field-add = Add a field
field-add-yes = Add field
field-edit = Change field
field-change = Change
field-edit-of = Change { $name }
field-remove = Delete
field-remove-of = Delete { $name }
field-remove-ask = Delete { $name }?
field-remove-what = What your contacts have in this field is deleted too. You cannot undo this.
field-remove-yes = Delete for good
field-label = Name
field-label-example = Year of birth
field-label-wrong = Write a name of 1 to 100 characters.
field-key = Key
field-key-hint = Templates call it { $code }.
field-key-wrong = Use 1 to 40 small letters, digits and _, starting with a letter.
field-kind = What it holds
field-kind-stays = It holds: { $kind }. This cannot change, because your contacts have values in it.
field-in-notices = In notices
field-in-notices-label = Notices may show it
field-in-notices-hint = A notice travels unprotected: anyone who holds the phone can read it. Leave this off for anything private.
kind-text = Text
kind-number = Number
kind-date = Date
kind-boolean = Yes or no
custom-not-given = Not given
custom-yes = Yes
custom-no = No
custom-long = This is too long. It can have 500 characters.
custom-number = Write a number, such as 1984 or -2.5.
custom-date = Give a whole date.
custom-boolean = Choose yes or no.

## API keys

settings-api-keys = API keys
settings-api-keys-what = For other programs that work with Sealpost.
settings-admins-only = Only an admin can see this page. Ask one if you need something that is here.
api-keys-what = With a key, another program such as your practice software can work here by itself. Whoever has the key can do what it may do: keep it as safe as a password.
api-keys-title = Keys
api-keys-none = You have no keys yet.
api-keys-full = There are 100 keys, which is the most. Revoke one that nobody needs first.
api-keys-password-first = Give yourself an email address and a password first, under
api-key-make = Make a key
api-key-name = What it is for
api-key-name-hint = Such as Practice software. The audit log names the key so.
api-key-name-wrong = Say what the key is for, in 1 to 100 letters.
api-key-scope = What it may do
api-key-read = Read
api-key-read-what = Sees contacts, messages and settings, and hears of what is new. Changes nothing.
api-key-write = Read and write
api-key-write-what = Also sends messages, and adds and changes contacts.
api-key-admin = Change settings, too
api-key-admin-what = Also changes how your practice works. People and keys stay in your hands.
api-key-ends = Works for
api-key-30-days = 30 days
api-key-90-days = 90 days
api-key-1-year = 1 year
api-key-2-years = 2 years
api-key-no-end = No end
api-key-made = The key “{ $name }” is made
api-key-once = Copy the key now and put it where it is needed. We do not keep it and cannot show it again.
api-key-kept = I have copied it
api-key-made-at = Made { $time }
api-key-used = Last used { $time }
api-key-unused = No use seen yet
api-key-until = Works until { $time }
api-key-ended-at = Ended { $time }
api-key-revoked-at = Revoked { $time }
api-key-soon = Ends soon
api-key-over = Ended
api-key-revoked = Revoked
api-key-revoke = Revoke
api-key-revoke-of = Revoke the key { $name }
api-key-revoke-ask = Revoke “{ $name }”?
api-key-revoke-what = Programs that use this key are refused at once. You cannot undo this; you can make another key.

## Sending

settings-sending = Sending
settings-sending-what = When messages go out: undo, quiet hours, reminders, and the other channel.
sending-undo-title = Undo
sending-undo = Time to take a message back
sending-undo-none = None
sending-seconds = { $n } seconds
sending-undo-hint = After “Send”, a message waits this long on our side. It goes out by itself, also when you close the page.
sending-quiet = Quiet hours
sending-quiet-on = Do not disturb people at night
sending-quiet-hint = What you write meanwhile goes out when the quiet hours end. You are told so, and can send it at once.
sending-from = From
sending-until = Until
sending-quiet-not = By the clock where your contact is, or yours when we do not know. New links that somebody asked for and answers to STOP, START and HELP go out at any hour.
sending-quiet-wrong = Choose two different times.
sending-fallback = The other channel
sending-fallback-email-on = Email, when a text cannot go or does not arrive
sending-fallback-email-hint = When the number does not work, its owner said STOP, or a limit for texts is used up. Only to contacts whose email you have and who take email.
sending-fallback-sms-on = A text, when an email does not arrive
sending-fallback-sms-hint = When it comes back or is refused. Counts as a text.
sending-fallback-plain-on = Plain messages, too
sending-fallback-plain-hint = They go with all they say. Leave this off if others read your contacts’ mailboxes.
sending-fallback-not = Once for each message, and not while the first may have arrived. What went out this way is not in “Not delivered”; the conversation shows both. Whoever chooses a channel that is closed is told so instead.
sending-reminders = Reminders
sending-remind-on = Remind people of what they have not opened
sending-remind-hint = Of secure messages that you send from now on. A reminder says the same as the notice, with a link of its own.
sending-remind-after = If it was not opened after
sending-remind-hours = { $n } hours
sending-remind-after-hint = Counted from the message, then from each reminder. Each reminder’s link works as long as the first one did.
sending-remind-times = Reminders at most
sending-remind-none = None
sending-remind-number = { $n }
sending-remind-times-hint = If the last one is not opened either, the conversation is marked “Not opened” and is unread for all of you.
sending-remind-not = Nobody is reminded in their quiet hours, after an answer, or after STOP. Reminders count as texts.
