# One's own account: the browsers one is signed in with, and passkeys.

## Signed-in browsers

sessions-title = Where you are signed in
sessions-what = Sign out of a browser that you no longer use, or that you do not know. If you do not know it, change your password, too.
sessions-none = You are signed in here and nowhere else.
sessions-device = { $browser } on { $system }
sessions-unknown = A browser that has not called yet
sessions-times = Signed in { $since } · last active { $active }
sessions-current = This browser
sessions-end = Sign out
sessions-end-of = Sign out { $device }
sessions-end-others = Sign out everywhere else
sessions-end-ask = Sign out this browser?
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
