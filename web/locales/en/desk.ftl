# The staff's words. Grade 6 English, verbs first, no codes.

desk-heading = Staff desk
starting = One moment…
loading = Loading…
show-more = Show more
unreachable = We cannot reach the server.
unreachable-hint = Check your connection. Your messages are safe there.
offline-banner = You are offline. What you see may be old. What you type stays here.
tab-title = { $name } · Sealpost
tab-title-unread = ({ $n }) { $name } · Sealpost
nowhere = There is nothing at this address.
nowhere-hint = Check the address, or start at the inbox.
nowhere-go = Go to the inbox

## Signing in

sign-in-title = Sign in · Sealpost
sign-in-heading = Sign in
sign-in-email = Email
sign-in-password = Password
sign-in-button = Sign in
sign-in-busy = Signing in…
sign-in-locked = There were too many tries. Wait a few minutes, then try again.
sign-in-locked-until = There were too many tries. Try again after { $time }.
signed-out-ended = You were signed out to keep messages private. Sign in to go on where you were.
signed-out-left = You have signed out.
once-used = This sign-in link was used already or is too old. Sign in with your email and password, or ask for a new link.
idle-title = Are you still there?
idle-body = You will be signed out in less than two minutes to keep messages private.
idle-stay = Stay signed in

## Navigation

nav-label = Main
nav-compose = Compose
nav-inbox = Inbox
nav-outbox = Outbox
nav-archived = Archived
nav-failed = Not delivered
nav-people = People
nav-contacts = Contacts
nav-practice = Practice
nav-settings = Settings
nav-help = Help
nav-unread = { $n } unread
nav-scheduled-count = { $n } waiting
nav-failed-count = { $n } to look at
nav-sign-out = Sign out
role-admin = Admin
role-member = Staff
role-read-only = Can read only

## The list

filter-unread = Unread { $n }
filter-unread-none = Unread
filter-show-all = Show all
row-unread = Unread
row-you = You: { $preview }
empty-inbox = Answers from your contacts show up here.
empty-outbox = Messages that you send show up here.
empty-archived = Conversations that you archive show up here.
empty-failed = What could not be delivered shows up here until you act on it.
empty-unread = You have read everything.
empty-compose = Write a message
tag-secure = Secure
tag-plain = Plain
tag-link-expired = Link expired
tag-locked = Locked
tag-not-delivered = Not delivered
tag-not-opened = Not opened
tag-opened = Opened
channel-text = Text
channel-email = Email
ago-now = now
ago-minutes = { $n }m
ago-hours = { $n }h

## A thread

thread-none = Choose a conversation to read it.
thread-label = Conversation with { $name }
thread-messages = Messages
thread-reach = { $reach } · { $pin }
reach-none = No phone or email
pin-on = PIN on
pin-off = No PIN
back-to-list = Back to the list
mark-unread = Mark unread
archive = Archive
move-to-inbox = Move to inbox
context-open = About this person
show-older = Show older messages
new-messages = New messages
jump-to-latest = Jump to latest
arrived = New message from { $name }: { $body }
message-from-us = { $name } wrote
message-from-them = { $name } wrote
replied-in-chat = replied in secure chat
replied-by-text = replied by text, sender not verified
replied-by-email = replied by email, sender not verified
delivery-queued = Waiting to be sent { $channel }
delivery-will-retry = Waiting to be sent; next try { $time }
delivery-retry-now = Waiting to be sent; we try again now
delivery-sending = Sending { $channel }
delivery-sent = Sent { $channel }
delivery-delivered = Delivered { $channel }
fact-at = { $fact } { $time }
answered-at = Answered { $time }
delivery-failed = Not delivered
delivery-canceled = Not sent
delivery-needs-review = Waits for review after a restore
not-opened = Not opened yet
opened-at = Opened { $time }
read-at = Read { $time }
expires-in = expires in { $span }
link-expired = Link expired
link-locked = Locked
link-revoked = Revoked
span-minutes = { $n } min
span-hours = { $n } h
span-days = { $n } { $n ->
    [one] day
   *[other] days
}
unlock = Clear the lock
unlock-of = Clear the lock of the link from { $time }
revoke = Revoke
revoke-of = Revoke the link from { $time }
revoke-link = Revoke the link
send-new-link = Send a new link
send-new-link-hint = Sends the newest secure message again, with a fresh link.
resend-busy = Sending…
event-asked = { $name } asked for a new link · sent { $channel } · { $time }
event-asked-failed = { $name } asked for a new link · it could not be sent { $channel } · { $time }
event-resent = A new link was sent { $channel } · { $time }
event-resent-failed = A new link could not be sent { $channel } · { $time }
event-fallback = It did not arrive: a new link was sent { $channel } · { $time }
event-fallback-failed = It did not arrive, and a new link could not be sent { $channel } · { $time }
fact-instead-of-text = instead of a text
fact-instead-of-email = instead of an email
event-reminded = { $name } was reminded { $channel } · { $time }
event-reminded-failed = A reminder could not be sent { $channel } · { $time }
event-not-opened = { $name } has not opened the message, and gets no more reminders · { $time }
event-opened = { $name } opened the link · { $time }
event-stop-text = { $name } texted “{ $said }”: no more texts go out to this number · { $time }
event-stop-email = { $name } wrote “{ $said }”: no more emails go out to this address · { $time }
event-start-text = { $name } texted “{ $said }”: texts go out again · { $time }
event-start-email = { $name } wrote “{ $said }”: emails go out again · { $time }
event-help = { $name } asked for help: “{ $said }” · { $time }
event-wrong-pins = { $wrong ->
    [one] A wrong PIN was entered
   *[other] { $wrong } wrong PINs were entered, the last
} · { $time }
event-locked-until = Too many wrong PINs: nobody new gets in before { $until } · { $time }
event-locked-off = Too many wrong PINs: PIN entry for this link is off · { $time }
event-was-locked = Wrong PINs had locked the link · { $time }
event-revoked = The link was revoked · { $time }
thread-locked-out = Too many wrong PINs on { $name }’s links. PIN entry is off since { $time } and stays off until you clear the lock. Somebody may be guessing: ask { $name } first.
by-text = by text
by-email = by email

## Writing

composer-label = Write a message
composer-message = Message to { $name }
composer-placeholder = Write to { $name }…
composer-send = Send
composer-busy = Sending…
composer-keys = Ctrl ↵
composer-left = { $n } characters left
composer-empty = Write something first.
composer-too-long = This is too long. A message can have 10,000 characters.
composer-pin-length = A PIN has 4 to 64 characters.
composer-read-only = You can read these messages, but not send any. Ask an admin to change that.
send-securely = Send securely
link-by = Link by
send-by = Send by
expires-after = Expires after
lifetime-24-hours = 24 hours
lifetime-10-days = 10 days
lifetime-6-months = 6 months
lifetime-1-year = 1 year
pin = PIN
pin-contacts = Contact’s PIN
pin-default = Default PIN
pin-none = No PIN
pin-own = For this message
own-pin = PIN for this message
own-pin-hint = Tell it to them another way, such as by phone. Do not send it along. Whoever has it and the link sees the whole conversation.
leaves-nothing = { $name } has no phone number or email address that we may use.
leaves-text-link = { $name } gets a text with a link. The message stays here.
leaves-email-link = { $name } gets an email with a link. The message stays here.
leaves-text-open = { $name } gets this text as it stands. Anyone who holds the phone can read it.
leaves-email-open = { $name } gets this email as it stands. Anyone who opens the mailbox can read it.
compose-title = New message
compose-to = To
compose-to-placeholder = Name, phone or email
compose-new-person = Someone new
compose-known = Choose someone we know
compose-change = Change
compose-message = Message
compose-later = Close
compose-they = This person
compose-no-recipient = Choose who gets this.
compose-address = Give a phone number with its country code, such as +1 555 010 0142, or an email address.

## The person beside the thread

context-label = About this person
context-contact = Open contact
context-reach = Reach
context-links = Secure links
reach-phone = Mobile
reach-email = Email
reach-language = Language
not-given = Not given
opted-out = Opted out
pin-set = Own PIN set
pin-not-set = No PIN of their own
pin-locked-out = Locked out
links-none = Secure messages leave a link here.
state-active = Active { $span }
state-opened-active = Opened · { $span }
state-opened = Opened
state-expired = Expired
state-locked = Locked
state-revoked = Revoked

## Contacts

contact-label = Contact
contact-stopped-texts = This person said STOP to texts. We send none until they text START.
contact-stopped-emails = This person said STOP to emails. We send none until they write START.
contact-none-open = Choose a contact to see their details.
contacts-empty = The people you write to show up here.
contacts-not-found = Nobody is called that, and nobody has that exact number or address.
contact-search = Name, phone or email
contact-new = New contact
contact-add = Add contact
contact-name = Name
contact-first = First name
contact-last = Last name
contact-details = Details
contact-save = Save
contact-saved = Saved.
contact-write = Write a message
contact-delete = Delete contact
contact-delete-ask = Delete { $name }?
contact-delete-what = Their messages are deleted too, and their links stop working. You cannot undo this.
contact-delete-yes = Delete for good
back-to-contacts = Back to contacts
phone-example = +1 555 010 0142
phone-wrong = Write the number with its country code, such as +1 555 010 0142.
email-wrong = Write an email address, such as name@example.org.
language-hint = Such as en or es. Automatic answers use it. Notices stay in the language you wrote them in.
pin-is-set = This person has a PIN. We never show it.
pin-is-not-set = This person has no PIN of their own.
pin-first = PIN
pin-new = New PIN
pin-hint = 4 to 64 characters. Tell it to them in person or by phone; never send it the way their links go.
pin-save = Set PIN
pin-replace = Replace PIN
pin-remove = Remove PIN
pin-saved = Saved.
pin-locked-out-why = There were too many wrong PINs. PIN entry is turned off for this person.
pin-clear-lock-out = Clear the lock
history = Messages
history-open = Open conversation
history-empty = No messages yet.

## PINs that are easy to guess

weak-pin = Easy to guess: { $why }. Six characters or more that nobody can work out are safer.
weak-pin-refused = Easy to guess: { $why }. Your practice does not use such PINs, so choose another one.
weak-short = fewer than 6 characters
weak-repeats = it repeats itself
weak-sequence = it is a sequence
weak-common = it is one that people try first
weak-date = it is made of one of this person’s dates
weak-phone = it is part of this person’s phone number
pin-refused = This PIN cannot be used here. Choose one that is harder to guess, with 4 to 64 characters.

## Later

nav-scheduled = Scheduled
empty-scheduled = Messages that go out later show up here.
later = Send later
later-not = Send it now after all
later-send = Schedule
later-at = Goes out at
later-zone = { $zone } time.
later-theirs = That is { $time } for { $name }.
later-wrong = Choose a time in the future.
later-today = today at { $time }
later-tomorrow = tomorrow at { $time }
later-both = { $own } ({ $time } for { $name })
undo = Undo
undo-in = Sending in { $n } s
waits-time = Goes out { $time }
waits-quiet = Quiet hours for { $name }: goes out { $time }
waits-send = Send now
waits-send-anyway = Send now anyway
waits-edit = Edit
waits-edit-title = Change a scheduled message
waits-save = Save
waits-cancel = Cancel sending
waits-failed = Not sent.
waits-failed-do = Nothing left the building. Mend what is wrong, then send it or choose another time.
waits-any-way = As they like best
waits-secure = { $name } gets a link. The message stays here.
waits-open = { $name } gets it as it stands, without a link.

## Not delivered

undelivered = Not delivered.
retry-again = Try again
falls-back-to-email = It goes out by email instead at { $time }, when quiet hours are over.
falls-back-to-text = It goes out by text instead at { $time }, when quiet hours are over.
retry-by-text = By text instead
retry-by-email = By email instead
retry-correct-number = Correct the number
retry-correct-email = Correct the email address
retry-done = It is on its way again, { $channel }.
tries-earlier = { $n } earlier tries
tries-one = Before: { $channel }, { $time }. { $why }
put-aside = Put aside
put-aside-label = Put aside what was not delivered
aside-done = Put aside: { $name }. The messages stay in the conversation.
failed-notice = A message to { $name } was not delivered.
failed-notice-several = Messages to { $n } people were not delivered.
failed-notice-look = Have a look
unsent-notice = A message to { $name } could not go out when its time came.
address-fault = Does not work
address-fault-do = Change it here, then send again.
advice-correct = Ask for another number or address, or send it another way.
advice-passing = Try again, or send it another way.
advice-admin = Ask an admin to look at the settings. Until then, send it another way.
advice-other-way = Send it another way, or call.
advice-ask = Ask whether it came before you send it again.
why-number-invalid = This phone number does not exist.
why-number-unreachable = This number cannot get texts. It may be a landline.
why-number-missing = There is no phone number for this person any more.
why-email-invalid = This email address does not exist.
why-email-unreachable = No email arrives at this address.
why-email-missing = There is no email address for this person any more.
why-address-changed = The number or address was changed while this was on its way.
why-opted-out-texts = This person wants no more texts.
why-opted-out-emails = This person wants no more emails.
why-recipient-opted-out = This person said STOP to our number, so the phone company lets no texts through.
why-contact-deleted = The contact was deleted.
why-link-revoked = The link was revoked before this went out.
why-link-ended = The link would have run out before it arrived.
why-time-up = We tried for a whole day and did not get through.
why-superseded = A newer message took its place.
why-outcome-unknown = We sent it twice and got no answer. It may have arrived.
why-gateway-busy = The text service was too busy.
why-gateway-refused = The text service did not take it.
why-gateway-unreachable = We could not reach the text service.
why-gateway-unauthorized = The text service did not let us in.
why-gateway-unclear = The text service gave an answer we do not understand.
why-sender-refused = The text service does not let us send from our number.
why-region = The text service does not send to this country.
why-carrier = The phone company did not deliver it.
why-mail-bounced = The email came back.
why-mail-busy = The mail server was too busy.
why-mail-refused = The mail server did not take it.
why-mail-sign-in = The mail server did not let us in.
why-mail-unreachable = We could not reach the mail server.
why-texts-not-set-up = Texts are not set up.
why-emails-not-set-up = Email is not set up.
why-budget = A limit for texts was used up: ten a day for one person, or the practice’s limit for the month.
why-country = We send no texts to numbers like this one.
why-not-opened = We could not read it back to send it.
why-restored = It waited while a backup was brought back, and an admin decided not to send it.
why-other = Something went wrong on the way.
