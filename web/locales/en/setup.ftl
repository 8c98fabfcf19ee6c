# The words of the first start, of signing in with a second step, of people and of one's own account.

## The first start

setup-title = Set up Sealpost
setup-count = Step { $n } of { $all }
setup-on = Save and go on
setup-next = Go on
setup-busy = One moment…
setup-back = Back
setup-skip = Skip for now
setup-later = Finish later
setup-only-admin = Only an admin can set up the practice.
setup-link-used = This setup link was used already or is too old. Start “sealpost serve” again for a new one. If you gave yourself a password, sign in with it.

setup-you = Who are you?
setup-you-what = You are the first admin. Clients see your name on the messages that you send.
setup-second = Protect your account
setup-second-what = With a second step, a stolen password alone lets nobody in.
setup-practice = Your practice
setup-practice-what = Clients see this on every page, so that they know who writes and whom to call.
setup-address = Your address on the web
setup-address-what = Every link in a text or an email starts with this address. Clients must be able to open it.
setup-texts = Text messages
setup-texts-what = Sealpost sends texts through your account with a text message provider.
setup-email = Email
setup-email-what = Sealpost sends email through your own mail server.
setup-people = Invite your team
setup-people-what = Each person gets an email with a link that works for a few days.
setup-first = Send yourself a secure message
setup-first-what = See what your clients will see, and watch your answer arrive in the inbox.

setup-practice-name = Name of the practice
setup-practice-name-hint = Such as Riverside Family Clinic.
setup-practice-name-wrong = Give the name of the practice, in 1 to 100 letters.
setup-practice-phone = Phone number for clients
setup-practice-phone-hint = As you want it to be read, such as (555) 010-0100.
setup-practice-phone-wrong = A phone number has 1 to 40 characters.
setup-practice-zone = Time zone
setup-practice-zone-hint = We took it from this computer.
setup-practice-zone-wrong = Choose a time zone.

## Passwords and codes

password-show = Show password
password-hide = Hide password
strength-short = { $n } more { $n ->
    [one] character
   *[other] characters
} to go.
strength-weak = Easy to guess. Three or four words that do not belong together are better.
strength-good = Good.
strength-strong = Very good.
second-need = You need an authenticator app on your phone or computer, such as the one that came with it or your password manager.
second-start = Set it up
second-qr = Picture to scan with your authenticator app
second-scan = Scan this picture with the app.
second-type = You cannot scan it? Type this key into the app:
second-code = Code from the app
second-code-hint = Six digits. They change every 30 seconds.
second-check = Check the code
second-on = The second step is on.
second-done = Done
code-empty = Type the code.
code-wrong = That code is not right. Wait for the next one and try again.
codes-title = Keep these codes
codes-what = Each one lets you in once if you lose your phone. Store them where you keep other important papers. We will not show them again.
codes-print = Print
codes-kept = I kept these codes in a safe place
codes-first = Keep the codes first, then tick the box.

second-step-heading = One more step
second-step-what = Your account is protected by a second step.
second-step-code = Code
second-step-hint = The six digits in your authenticator app, or one of the codes that you kept.
second-step-back = Use another account
second-step-wrong = That code is not right. Wait for the next one in the app and try again.
enrolling-heading = Set up a second step
enrolling-what = Your practice asks everybody for one: a stolen password alone then lets nobody in. It takes a minute.
enrolling-by-passkey = Use a passkey instead
enrolling-by-app = Use an app instead
enrolling-passkey = Your fingerprint, your face or a security key stands in for a code. Your browser asks you next.
enrolling-done = Go to the desk
signed-out-slow = That took too long. Sign in again.

## Your account

account-name = Your name
account-name-hint = As clients should read it, such as Dr. Amy Lee.
account-name-wrong = Give your name, in 1 to 100 letters.
account-email-hint = You sign in with it.
account-email-taken = This address cannot be used here. Choose another one.
account-password = Password
account-password-hint = At least 12 characters. Your browser or password manager can make one for you.
account-password-short = A password has at least 12 characters.
account-password-long = A password has at most 128 characters.
account-password-refused = This password is too easy to guess. Choose another one.
account-password-set = You sign in with { $email } and your password. You can change both later under Your account.
account-current = Your password now
account-current-wrong = That is not your password.
account-new-password = New password

## The address

address-looking = Looking at your address…
address-again = Check again
address-now = Links start with
address-right = This address is right. Your clients can open your links.
address-here = This address works on this computer alone. That is enough to try Sealpost.
address-wrong = This address needs a change before you write to clients.
address-line = Set this in the server’s environment, then start the server again:
address-scheme = Encryption
address-same = The same address as in your browser
address-usable = Works outside of this computer
address-reachable = Answers
finding-good = Fine:
finding-note = Good to know:
finding-bad = To mend:
copy = Copy
copied = Copied.
not-copied = Your browser did not let us copy. Select the text and copy it.

## Texts and email

sms-url = Address of the provider
sms-url-hint = Twilio’s, or that of a provider that speaks the same way.
sms-url-wrong = Write an address that starts with https://.
sms-account = Account SID
sms-account-wrong = Copy the account SID from your provider.
sms-token = Auth token
sms-token-wrong = Copy the auth token from your provider.
sms-from = Number that texts come from
sms-from-hint = One of your numbers at the provider, such as +1 555 010 0142.
sms-from-wrong = Give a number with its country code, such as +1 555 010 0142, or the sender name of your provider.
secret-never-shown = We keep it sealed and never show it again.
secret-kept = We have it. Leave this empty to keep it.
secret-show = Show what you typed
secret-hide = Hide what you typed
mail-host = Mail server
mail-host-hint = Such as smtp.example.org.
mail-host-wrong = Give the name of your mail server, such as smtp.example.org.
mail-security = Encryption
mail-security-wrong = Without encryption, mail may only go to a server on this computer.
mail-starttls = STARTTLS (usual)
mail-tls = TLS
mail-plain = None, for this computer only
mail-port = Port
mail-port-wrong = A port is a number from 1 to 65535.
mail-username = User name
mail-username-hint = Leave it empty when the server asks for none.
mail-username-wrong = Check the user name.
mail-password-wrong = Give the password of this user.
mail-from = Sender
mail-from-hint = Such as Riverside Clinic <messages@example.org>.
mail-from-wrong = Give an address, or a name and an address, such as Riverside Clinic <messages@example.org>.
form-missing = Fill this in.
test-title = Try it
test-to-phone = Your own phone number
test-to-email = Your own email address
test-send = Send a test
test-busy = Sending…
test-went-text = Your provider took the text. It should be on your phone in a moment.
test-went-email = Your mail server took the email. It should be in your inbox in a moment.
fault-host = We cannot find that server.
fault-unreachable = Nobody answers there.
fault-timeout = The server took too long to answer.
fault-tls = The encryption did not work out.
fault-sign-in = The server did not let us in.
fault-sender = The sender was not accepted.
fault-recipient = The recipient was not accepted.
fault-refused = The test was refused.
fault-busy = The server is too busy just now.
channel-environment = This is set in the server’s environment. Change it there.
channel-stored = This is set here, and kept sealed.
channel-none = Nothing is set up. Messages cannot go out this way.
channel-demo = The demo catches everything. Nothing leaves this computer.
channel-not-yours = Whoever runs this server sets this up for everybody on it.
channel-on = Set up
channel-off = Not set up
channel-demo-tag = Demo
channel-from = Messages come from { $from }.
channel-tested = A test went through on { $time }.
channel-remove = Remove
channel-remove-ask = Remove these settings?
channel-remove-what = Nothing can be sent this way until you set it up again. What is waiting goes out then.

## Inviting

invite-name = Name
invite-name-wrong = Give their name.
invite-role = Role
invite-more = Add a row
invite-remove = Remove the row of { $name }
invite-send = Send the invitations
invite-known = This person is here or invited already.
invite-on-its-way = { $name } gets an email at { $email }.
invite-hand-over = Email is not set up, so give this link to { $name } yourself. It works once and is not shown again.
invited-title = Invitation · Sealpost
invited-heading = You are invited
invited-what = { $name } invites you to { $organization }. Choose a password and you are in.
invited-accept = Join
invited-not-found = This invitation does not work. It was used, withdrawn or is too old. Ask for a new one.
invited-sign-in = Go to sign-in
invited-again = Send again
invited-again-of = Send the invitation of { $name } again
invited-withdraw = Withdraw
invited-withdraw-of = Withdraw the invitation of { $name }
invited-until = Works until { $time }
invited-expired = Too old
invited-accepted = Accepted
invited-queued = On its way
invited-sent = Email sent
invited-failed = Email not delivered
invited-by-hand = Link handed over

## The message to oneself

first-by = How should it reach you?
first-phone = Your mobile number
first-email = Your email address
first-phone-hint = With its country code, such as +1 555 010 0142.
first-to-wrong = This number or address cannot be used. Check it.
first-send = Send it to me
first-no-way = Nothing can be sent yet. Set up text messages or email first.
first-inbox = Go to the inbox
first-on-its-way = It is on its way.
first-failed = It could not be delivered.
first-done = Done.
first-way-text = Look at your phone: you get a text with a link.
first-way-email = Look at your email: you get a message with a link.
first-open = Open the link. That is all a client has to do.
first-answer = Write an answer there.
first-waiting = Your answer will show up here.
first-answered = Your answer is in the inbox. That is all. You are ready.
first-see = See your answer in the inbox
first-again = Send it again

## What is left, on the home screen

left-title = Finish setting up
left-admin = Set your email and password, or you cannot come back
left-second = Protect your account with a second step
left-practice = Name your practice
left-address = Check the address of your links
left-texts = Set up text messages and send a test
left-email = Set up email and send a test
left-people = Invite your team
left-first = Send yourself a secure message
left-put-away = Put this list away
problem-last-admin = One admin must stay. Make somebody else an admin first.
problem-admin-due = Set your email and password first. They are your way back in.
problem-second-step-state = This has changed meanwhile. Reload the page.

## People and account in the settings

settings-people = People
settings-people-what = Who works here, and what they may do.
settings-channels = Texts and email
settings-channels-what = What your messages go out through.
settings-account = Your account
settings-account-what = Your name, email, password and second step.
people-here = Who works here
people-you = You
people-second = Second step on
people-disabled = Cannot sign in
people-locked = Locked
people-locked-what = After 100 wrong passwords or codes, { $name } can sign in only where they have signed in before. Somebody may be guessing: ask { $name } first, then send a new password link. A new password ends this.
people-active = Last here { $time }
people-role-of = What { $name } may do
people-enable = Let in again
people-disable = Disable
people-disable-ask = Disable { $name }?
people-disable-what = They are signed out at once and cannot sign in until you let them in again. Their messages stay.
people-second-off = Turn off second step
people-second-off-ask = Turn off the second step of { $name }?
people-second-off-what = For somebody who lost their phone and their codes. Make sure that it is really them who asks.
people-invited = Invited
people-invite = Invite someone
account-who = Who you are
account-password-change = Change password
account-password-ends = You stay signed in here and are signed out everywhere else.
account-second = Second step
second-off = Turn it off
codes-new = New codes for a lost phone
codes-new-what = You get ten fresh codes; those you have work no more. Type your password to go on.
codes-new-done = Here are your new codes.
second-off-what = Your password alone will let anyone in. Type it to go on.
sign-in-forgot = Forgot your password?
forgot-title = New password · Sealpost
forgot-heading = Choose a new password
forgot-what = Type the address you sign in with. We send you a link.
forgot-send = Send the link
forgot-sent-heading = Look at your email
forgot-sent = If somebody here has this address, an email with a link is on its way. It works once, for half an hour.
forgot-sent-none = Nothing arrives within a few minutes? Look in the spam folder, check the address, or ask an admin of your practice.
forgot-no-email = This installation sends no email. Ask an admin of your practice: they can give you a link for a new password, in the settings under People.
forgot-back = Back to signing in
reset-heading = Choose a new password
reset-what = You sign in with it afterwards. Everywhere else you are signed out.
reset-save = Save the password
reset-over = This link was used already, or it is too old. Each works once, for half an hour.
reset-again = Send me a new one
reset-done = Your new password is set. Sign in with it.
people-reset = Send a new password link
people-reset-ask = Send { $name } a link for a new password?
people-reset-what = It works once, for half an hour. Their password stays until they choose another one. Make sure that it is really them who asks.
people-reset-sent = An email with the link is on its way to { $name }.
people-reset-hand-over = There is no email here. Give { $name } this link yourself; it is shown this once.
settings-security = Security
settings-security-what = What you ask of everybody who works here.
security-second = Ask everybody for a second step
security-second-hint = Whoever has none sets one up before anything else, when they next sign in.
security-without = { $n ->
    [0] Everybody has one.
    [one] One person has none yet.
   *[other] { $n } people have none yet.
 }
security-second-first = Turn on your own second step first: otherwise this would sign you out.
security-second-own = To your account
security-idle = Sign out a desk that nobody touches
security-idle-hint = A warning comes two minutes before. Shorter is safer where others pass by.
security-minutes = { $n } minutes
security-second-ask = Ask everybody for a second step?
security-second-ends = Whoever has none is signed out now, and sets one up when they sign in again.
problem-password-disabled = After too many wrong tries this password is turned off. Choose a new one by email.
problem-reset-not-found = This link for a new password was used already or is over.
