# One's own account: the browsers one is signed in with, and passkeys.

## Signed-in browsers

sessions-title = Where you are signed in
sessions-what = Sign out of a browser that you no longer use, or that you do not know. If you do not know it, change your password, too.
sessions-none = You are signed in here and nowhere else.
sessions-device = { $browser } on { $system }
sessions-unknown = An unknown browser
sessions-times = Signed in { $since } · last active { $active }
sessions-current = This browser
sessions-end = Sign out
sessions-end-of = Sign out { $device }, signed in { $since }
sessions-end-others = Sign out everywhere else
sessions-end-ask = { $device }: sign out?
sessions-end-what = It is signed out within a second. What is being written there and was not sent is lost.
sessions-others-ask = Sign out everywhere else?
sessions-others-what = Every other browser is signed out within a second. You stay signed in here.

browser-chrome = Chrome
browser-edge = Edge
browser-firefox = Firefox
browser-opera = Opera
browser-safari = Safari
browser-other = A browser
system-android = Android
system-chrome-os = ChromeOS
system-ios = iPhone or iPad
system-linux = Linux
system-macos = macOS
system-windows = Windows
system-other = another system

## Who may read alone

contact-read-only = You can look at this contact, but not change anything. Ask an admin to change that.

## Passkeys

second-password-first = Give yourself an email address and a password first. The second step stands behind them.
passkeys-title = Passkeys
passkeys-what = Sign in with your fingerprint, your face or a security key after your password. No code to type, and nothing that a copied page could steal.
passkeys-none = You have no passkeys yet.
passkeys-not-here = This browser cannot make passkeys. Use a newer one to add some.
passkeys-password-first = Give yourself an email address and a password first. A passkey stands beside them.
passkeys-full = You have as many passkeys as one account can have. Remove one first.
passkey-add = Add a passkey
passkey-add-what = Your browser asks you next. You stay signed in here and are signed out everywhere else.
passkey-waiting = Waiting for your browser…
passkey-name = Name of the passkey
passkey-name-hint = Such as My phone. It is for you alone.
passkey-name-wrong = Give the passkey a name, in 1 to 100 letters.
passkey-too-late = That took too long. Start again.
passkey-dismissed = Your browser got no answer from you. Try again.
passkey-known = This device is among your passkeys already.
passkey-failed = That did not work. Try again, or use another device.
passkey-unused = Added { $added } · not used yet
passkey-used = Added { $added } · last used { $used }
passkey-rename = Rename
passkey-rename-of = Rename { $name }
passkey-rename-ask = Rename this passkey
passkey-remove = Remove
passkey-remove-of = Remove { $name }
passkey-remove-ask = Remove “{ $name }”?
passkey-remove-what = It will not let you in any more. You stay signed in here and are signed out everywhere else.
passkey-distrusted = Turned off
passkey-distrusted-what = Something that seems to be a copy of it was used, so it lets nobody in. Remove it, and add a fresh one.

second-step-passkey = Use a passkey
second-step-passkey-what = Your account is protected by a passkey.
second-step-passkey-busy = Waiting for your browser…
second-step-or = Or type a code
second-step-passkey-code = One of the codes that you kept.
second-step-passkey-wrong = That passkey did not work. Try again, or use a code.
second-step-passkey-not-here = This browser cannot use passkeys. Type one of your codes.
