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
