# The patients' app. Grade 6 English: "you" and "we", verbs first, no codes, no blame.

page-title = Private message
private-from = Private message from { $sender }
only-you = Only you and { $organization } can see this conversation.
emergency = Not for emergencies. In an emergency call 911.
language = Language
the-practice = the practice
loading = Loading

gate-title = You have a private message
gate-text = { $organization } sent it. Open it here, on a device that you trust.
open-message = Open my message
questions = Questions? Call { $phone }.

pin-title = Enter your PIN
pin-text = { $organization } gave you this PIN. It keeps your message private.
pin-label = PIN
pin-show = Show PIN
pin-hide = Hide PIN
pin-empty = Enter your PIN first.
pin-incorrect = { $tries ->
    [0] That PIN is not right.
    [one] That PIN is not right. You have { $tries } try left.
   *[other] That PIN is not right. You have { $tries } tries left.
 }
pin-forgotten = Don't know your PIN? Call { $phone }.
locked-title = Too many tries
locked-text = For your privacy we paused this until { $time }. You can also call { $phone }.
disabled-title = This link is turned off
disabled-text = There were too many wrong PINs. For your privacy we turned this link off.
disabled-call = For your privacy this link cannot be opened right now. Call { $phone } and we will help you.

expired-title = This link has expired
expired-text = To keep your messages private, links stop working after some time.
expired-24-hours = To keep your messages private, links stop working after 24 hours.
expired-10-days = To keep your messages private, links stop working after 10 days.
expired-6-months = To keep your messages private, links stop working after 6 months.
expired-1-year = To keep your messages private, links stop working after 1 year.
offer-sms = We can send a new one to the phone number that ends in { $hint }.
offer-sms-hidden = We can send a new one to the phone number that we have for you.
offer-email = We can send a new one to { $hint }.
offer-email-hidden = We can send a new one to the email address that we have for you.
offer-none = Call { $phone } to get a new one.
send-new-link = Send me a new link
changed-sms = Number changed? Call { $phone }.
changed-email = Address changed? Call { $phone }.
sent-title = A new link is on its way
sent-sms = It goes to the phone number that ends in { $hint }.
sent-sms-hidden = It goes to the phone number that we have for you.
sent-email = It goes to { $hint }.
sent-email-hidden = It goes to the email address that we have for you.
sent-wait = Nothing after a few minutes? Call { $phone }.
send-again = Send again
send-again-in = Send again (in { $seconds } s)

not-available-title = This link does not work
not-available-text = Check that you opened the whole link, or call the practice.

over-title = You were signed out
over-text = You were signed out to keep your messages private. Open the link again to continue.
over-kept = What you typed is still here.
over-return = Open my message again
replaced-title = Another conversation is open
replaced-text = You opened another link in this browser. We closed this page so that the two do not mix.
replaced-link = Open this conversation's link again to come back.
replaced-return = Come back to this conversation
left-title = You left the conversation
left-text = To come back, open the link in your text message or email again.
left-offline = You are offline, so we could not tell the practice. Your visit ends by itself in a few minutes.
trouble-title = We could not open your message

private = Private
leave = Leave
leave-title = Leave without sending?
leave-text = You typed something and did not send it. It will be gone.
leave-stay = Go back
leave-anyway = Leave
conversation = Conversation
staff = Staff
automatic = Automatic message
you = You
show-earlier = Show earlier messages
jump-new = New message
no-messages = There are no messages yet.
new-message-from = New message from { $sender }: { $body }
message-sent = Sent.
status-sending = Sending
status-sent = Sent
status-seen = Seen
status-failed = Not sent
failed-offline = Not sent. You are offline.
failed-signed-out = Not sent. You were signed out before it went.
failed-because = Not sent. { $reason }
too-many-replies = You have written a lot in a short time. It stays here: try again later.
retry = Retry
write-reply = Write a reply
send = Send
too-long = { $over ->
    [one] { $over } character too many.
   *[other] { $over } characters too many.
 }
characters-left = { $left ->
    [one] { $left } character left.
   *[other] { $left } characters left.
 }
no-replies = You cannot answer here. To answer, call { $phone }.
offline-here = You are offline. What you write stays here. We send it when you are back.
print-note = Printed from a private conversation.

idle-title = Are you still there?
idle-text = To keep your messages private, we sign you out in { $time }.
idle-stay = Stay signed in
