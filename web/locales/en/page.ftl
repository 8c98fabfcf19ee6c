# What stands in the pages themselves, chat.html and desk.html: said when the program does not run, and until
# it does. A test compares. `{ $phone }` is filled in by the server, or is "the practice".

loading = Loading…
slow = This is taking long. Check your connection, reload the page, or call { $phone }.
unsupported = This page needs a newer browser or a setting turned on. Try another browser, or call { $phone }.
unreachable = This page did not load. Check your connection and try again, or call { $phone }.
again = Try again
the-practice = the practice
desk-slow = This is taking long. Check your connection and reload the page.
desk-unsupported = This page needs a newer browser or a setting turned on. Try another browser, or ask your admin.
desk-unreachable = This page did not load. Check your connection and try again.
